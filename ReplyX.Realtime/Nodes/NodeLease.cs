using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.Redis;
using ReplyX.Realtime.Connections;
using ReplyX.Realtime.Draining;

namespace ReplyX.Realtime.Nodes;

/// <summary>Tells the other nodes every second that this one lives, and what it holds.</summary>
internal sealed partial class NodeLease(
    NodeRegistry registry,
    NodeIdentity identity,
    ConnectionTable connections,
    DrainState drain,
    IServer server,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<NodeLease> logger) : BackgroundService
{
    private static readonly TimeSpan _farewell = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The address is known when the server listens.
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(listening.SetResult);
        await listening.Task.WaitAsync(stoppingToken);

        using var timer = new PeriodicTimer(NodeRegistry.RenewalInterval, time);
        var whole = true;
        do
        {
            try
            {
                await RenewAsync(whole, stoppingToken);
                whole = false;
            }
            catch (MessagingUnavailableException)
            {
                // The lease may run out meanwhile, and the sets with it: the next renewal tells all.
                if (!whole)
                {
                    Log.NotRenewed(logger);
                }

                whole = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(_farewell);
        try
        {
            await registry.RemoveAsync(identity.Id, bounded.Token);
        }
        catch (Exception exception) when (exception is MessagingUnavailableException or OperationCanceledException)
        {
            // The lease runs out by itself.
        }
    }

    private Task RenewAsync(bool whole, CancellationToken cancellationToken)
    {
        var pools = connections.Pools;
        var report = new NodeReport(
            identity.Id,
            Address(),
            Environment.MachineName,
            Environment.ProcessId,
            identity.StartedAt,
            Ready: !drain.IsDraining,
            pools[NodeRegistry.AdminPool].Connections,
            pools[NodeRegistry.SitePool].Connections);
        return registry.RenewAsync(report, [.. pools.Values.SelectMany(pool => pool.TakeChanges(whole))], whole, cancellationToken);
    }

    // The first address we listen on; a wildcard is no address to call, so the machine's name stands for it.
    private Uri Address()
    {
        var listening = BindingAddress.Parse(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        var wildcard = listening.Host is "+" or "*" or "0.0.0.0" or "[::]";
        return new UriBuilder(listening.Scheme, wildcard ? Environment.MachineName : listening.Host, listening.Port).Uri;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The node's lease was not renewed: Redis did not answer")]
        public static partial void NotRenewed(ILogger logger);
    }
}
