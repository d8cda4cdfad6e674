using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using ReplyX.Api.Authentication;
using ReplyX.Api.Operators;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Api.Limits;

internal static class LimitsExtensions
{
    private static readonly TimeSpan _defaultRetry = TimeSpan.FromSeconds(1);

    public static void AddLimits(this IServiceCollection services)
    {
        services.AddOptions<RequestLimitOptions>().BindConfiguration(RequestLimitOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RequestLimitOptions>, RequestLimitOptionsValidator>();
        services.AddSingleton<IValidateOptions<RequestLimitOptions>, BodyLimitValidator>();
        services.AddSingleton<SignInLimiter>();
        services.AddSingleton<NewGuestLimiter>();
        services.AddSingleton<PasswordChecks>();
        services.AddRateLimiter(limiter => limiter.OnRejected = (context, _) =>
            new ValueTask((Problem.RateLimited with { RetryAfter = RetryAfter(context.Lease) }).ExecuteAsync(context.HttpContext)));
        services.AddOptions<Microsoft.AspNetCore.RateLimiting.RateLimiterOptions>()
            .Configure<IOptions<RequestLimitOptions>>((limiter, limits) => limiter.GlobalLimiter = Limiter(limits.Value));
    }

    public static TimeSpan RetryAfter(RateLimitLease lease) =>
        lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : _defaultRetry;

    // By principal first: a request that its own bucket refuses does not count for its address.
    private static PartitionedRateLimiter<HttpContext> Limiter(RequestLimitOptions limits) => PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<HttpContext, string>(context => context.User switch
        {
            OperatorCaller person => limits.Operator.PartitionFor($"{person.Account}/{person.Name}"),
            Caller guest => limits.Guest.PartitionFor($"{guest.Account}/{guest.Name}"),
            _ => RateLimitPartition.GetNoLimiter(""),
        }),
        PartitionedRateLimiter.Create<HttpContext, string>(context => context.User is OperatorCaller || IsInternal(context)
            ? RateLimitPartition.GetNoLimiter("")
            : limits.Address.PartitionFor(ClientAddress.Of(context).ToString())));

    // Probes and scrapes are not limited: an orchestrator whose probe is refused would restart a healthy service.
    private static bool IsInternal(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
        || context.Request.Path.StartsWithSegments("/alive", StringComparison.Ordinal)
        || context.Request.Path.StartsWithSegments("/metrics", StringComparison.Ordinal)
        || context.Request.Path.StartsWithSegments("/internal", StringComparison.Ordinal);
}
