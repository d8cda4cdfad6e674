using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.Redis;
using ReplyX.Realtime.Connections;
using ReplyX.Realtime.Delivery;
using ReplyX.Realtime.Draining;
using ReplyX.Realtime.Limits;

namespace ReplyX.Realtime.Nodes;

/// <summary>Tells the other nodes every second that this one lives, and what it holds.</summary>
internal sealed class NodeLease(
    NodeRegistry registry,
    NodeIdentity identity,
    ConnectionTable connections,
    ConnectionLimits limits,
    DrainState drain,
    IServer server,
    IHostApplicationLifetime lifetime,
    BackplaneWatch watch,
    IOptions<RealtimeOptions> options,
    TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan _farewell = TimeSpan.FromSeconds(1);

    // A Redis that hangs is as good as none: well below the lease, so that two tries fit into it.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    private readonly Lazy<string> _machine = new(() =>
        options.Value.RegisterIPAddress && MachineAddress.Find() is { } address ? address.ToString() : Environment.MachineName);

    // What Redis has of this node's dialogs; null if that is not known.
    private byte[]? _written;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The address is known when the server listens.
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(listening.SetResult);
        await listening.Task.WaitAsync(stoppingToken);

        using var timer = new PeriodicTimer(NodeRegistry.RenewalInterval, time);
        do
        {
            watch.Report(answered: await TryRenewAsync(stoppingToken));
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

    private async Task<bool> TryRenewAsync(CancellationToken stoppingToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        patience.CancelAfter(_patience);
        try
        {
            await RenewAsync(patience.Token);
            return true;
        }
        catch (Exception exception) when (
            exception is MessagingUnavailableException || (exception is OperationCanceledException && !stoppingToken.IsCancellationRequested))
        {
            // The lease may have run out, and what it told of the dialogs with it.
            _written = null;
            return false;
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var admin = connections.Pools[NodeRegistry.AdminPool].Snapshot();
        var site = connections.Pools[NodeRegistry.SitePool].Snapshot();
        var report = new NodeReport(
            identity.Id,
            Address(),
            Environment.MachineName,
            Environment.ProcessId,
            identity.StartedAt,
            Ready: !drain.IsDraining,
            admin.Connections,
            site.Connections,
            admin.Dialogs,
            site.Dialogs,
            limits.MostInPool,
            ServiceVersion.Current);
        var dialogs = new NodeDialogs(admin.Sketch, site.Sketch);

        // Of many dialogs few are among the smallest hashes, so that most seconds nothing of 16 KiB has changed.
        var bytes = dialogs.ToBytes();
        await registry.RenewAsync(report, dialogs, dialogsChanged: _written is null || !bytes.AsSpan().SequenceEqual(_written), cancellationToken);
        _written = bytes;
    }

    // The first address we listen on; a wildcard is no address to call, so the machine's name or its own address stands for it.
    private Uri Address()
    {
        var listening = BindingAddress.Parse(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        var wildcard = listening.Host is "+" or "*" or "0.0.0.0" or "[::]";
        return new UriBuilder(listening.Scheme, wildcard ? _machine.Value : listening.Host, listening.Port).Uri;
    }
}
