using Microsoft.AspNetCore.Http.Json;

namespace ReplyX.Api.Json;

internal static class ApiJsonExtensions
{
    public static void AddApiJson(this IServiceCollection services) => services.Configure<JsonOptions>(json =>
    {
        var ours = ApiJson.Relaxed.Options;
        var theirs = json.SerializerOptions;
        theirs.PropertyNamingPolicy = ours.PropertyNamingPolicy;
        theirs.PropertyNameCaseInsensitive = false;
        theirs.DefaultIgnoreCondition = ours.DefaultIgnoreCondition;
        theirs.NumberHandling = ours.NumberHandling;
        theirs.Encoder = ours.Encoder;
        theirs.Converters.Add(new UtcTimestampConverter());
        theirs.TypeInfoResolverChain.Insert(0, ApiJson.Default);
    });
}
