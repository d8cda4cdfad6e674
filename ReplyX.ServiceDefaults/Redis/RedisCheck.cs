using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace ReplyX.ServiceDefaults.Redis;

/// <summary>Whether the server that takes writes answers a PING.</summary>
internal sealed class RedisCheck(IConnectionMultiplexer redis) : IHealthCheck
{
    /// <summary>The check's name: the one that it has in Aspire's client.</summary>
    public const string Name = "StackExchange.Redis";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await redis.GetDatabase().PingAsync(CommandFlags.DemandMaster).WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}
