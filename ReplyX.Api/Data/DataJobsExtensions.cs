using ReplyX.Messaging;

namespace ReplyX.Api.Data;

internal static class DataJobsExtensions
{
    public static void AddDataJobs(this IServiceCollection services) => services.AddDataJobWorker();
}
