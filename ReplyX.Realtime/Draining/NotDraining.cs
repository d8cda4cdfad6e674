using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ReplyX.Realtime.Draining;

/// <summary>A node that drains is not ready.</summary>
internal sealed class NotDraining(DrainState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(state.IsDraining ? HealthCheckResult.Unhealthy("The node drains.") : HealthCheckResult.Healthy());
}
