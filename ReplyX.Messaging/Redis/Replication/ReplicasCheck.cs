using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Dialogs;
using StackExchange.Redis;

namespace ReplyX.Messaging.Redis.Replication;

/// <summary>
/// Whether this Redis can do what <see cref="MessagingOptions.Replicas"/> asks for. One that cannot wait never will: the service is not
/// ready. Where replicas are missing it is degraded: it cannot take messages, and still reads.
/// </summary>
internal sealed partial class ReplicasCheck(
    RedisGateway redis, RedisProbe probe, IOptions<MessagingOptions> options, ILogger<ReplicasCheck> logger) : IHealthCheck
{
    /// <summary>The check's name.</summary>
    public const string Name = "replicas";

    private readonly string _command = new ReplicaWait(options.Value).Command;
    private bool _isTold;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var wanted = options.Value.Replicas;
        try
        {
            if (!await IsKnownAsync(cancellationToken))
            {
                if (!_isTold)
                {
                    _isTold = true;
                    Log.NoCommand(logger, wanted, _command, _command == "WAITAOF" ? "Redis has it from 7.2 on" : "the embedded Redis has none");
                }

                return HealthCheckResult.Unhealthy($"This Redis has no {_command}.");
            }

            return (await probe.LookAsync(cancellationToken)).Replicas >= wanted
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded($"Fewer than {wanted} replicas are connected.");
        }
        catch (MessagingUnavailableException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }

    // An array with nothing in it for a command that is not known; Garnet leaves it out altogether.
    private async Task<bool> IsKnownAsync(CancellationToken cancellationToken)
    {
        try
        {
            var known = await redis.ExecuteAsync(database => database.ExecuteAsync("COMMAND", ["INFO", _command]), cancellationToken);
            return known is { Resp2Type: ResultType.Array, Length: > 0 } && !known[0].IsNull;
        }
        catch (RedisServerException)
        {
            // It is not told; what becomes of the first append will be.
            return true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Messaging:Replicas is {Replicas}, but this Redis has no {Command} ({Hint}): no append will be acknowledged, and the service is not ready")]
        public static partial void NoCommand(ILogger logger, int replicas, string command, string hint);
    }
}
