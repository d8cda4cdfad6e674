using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.Redis;
using ReplyX.Realtime.Connections;
using ReplyX.Realtime.Draining;
using ReplyX.Realtime.Streams;

namespace ReplyX.Realtime.Nodes;

/// <summary>Tells the other nodes every second that this one lives, and what it holds.</summary>
internal sealed class NodeLease(
    NodeRegistry registry,
    NodeIdentity identity,
    ConnectionTable connections,
    DrainState drain,
    IServer server,
    IHostApplicationLifetime lifetime,
    BackplaneWatch watch,
    TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan _farewell = TimeSpan.FromSeconds(1);

    // A Redis that hangs is as good as none: well below the lease, so that two tries fit into it.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

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
            // After a renewal that failed the lease may have run out, and the sets with it: the next one tells all.
            whole = !await TryRenewAsync(whole, stoppingToken);
            watch.Report(answered: !whole);
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

    private async Task<bool> TryRenewAsync(bool whole, CancellationToken stoppingToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        patience.CancelAfter(_patience);
        try
        {
            await RenewAsync(whole, patience.Token);
            return true;
        }
        catch (Exception exception) when (
            exception is MessagingUnavailableException || (exception is OperationCanceledException && !stoppingToken.IsCancellationRequested))
        {
            return false;
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
}
