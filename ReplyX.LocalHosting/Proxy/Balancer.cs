using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ReplyX.LocalHosting.Model;
using ReplyX.LocalHosting.Orchestration;

namespace ReplyX.LocalHosting.Proxy;

/// <summary>Chooses the running replica with the fewest connections, at random among equals.</summary>
internal sealed class Balancer(EndpointSpec endpoint, IReadOnlyList<ResourceInstance> replicas)
{
    private readonly Dictionary<ResourceInstance, int> _open = replicas.ToDictionary(replica => replica, _ => 0);

    public Lease? Acquire(IReadOnlySet<ResourceInstance> except)
    {
        lock (_open)
        {
            var chosen = replicas
                .Where(replica => replica.IsRunning && !except.Contains(replica))
                .OrderBy(replica => replica.Health == HealthStatus.Healthy ? 0 : 1)
                .ThenBy(replica => _open[replica])
                .ThenBy(_ => Random.Shared.Next())
                .FirstOrDefault();
            if (chosen is null)
            {
                return null;
            }

            _open[chosen]++;
            return new Lease(this, chosen, string.Create(CultureInfo.InvariantCulture, $"http://{EndpointSpec.Host}:{chosen.TargetPort(endpoint)}"));
        }
    }

    private void Return(ResourceInstance replica)
    {
        lock (_open)
        {
            _open[replica]--;
        }
    }

    /// <summary>A connection's claim on a replica, until the connection closes.</summary>
    public sealed class Lease(Balancer balancer, ResourceInstance replica, string address) : IDisposable
    {
        private int _returned;

        public ResourceInstance Replica { get; } = replica;

        public string Address { get; } = address;

        public bool IsUsable => Replica.IsRunning;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _returned, 1) == 0)
            {
                balancer.Return(Replica);
            }
        }
    }
}
