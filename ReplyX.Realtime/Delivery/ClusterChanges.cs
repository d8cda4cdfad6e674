using ReplyX.Messaging.Redis;

namespace ReplyX.Realtime.Delivery;

/// <summary>
/// Has every dialog read on from its last event when a Redis Cluster's masters change. The loops hear all of them on a connection to one,
/// which does not break when another is lost.
/// </summary>
internal sealed class ClusterChanges(DeliveryLoops loops, ClusterWatch watch) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        watch.Changed += OnChanged;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        watch.Changed -= OnChanged;
        return Task.CompletedTask;
    }

    private void OnChanged(object? sender, EventArgs e)
    {
        foreach (var loop in loops.All)
        {
            loop.Post(loop.CatchUpAll);
        }
    }
}
