using ReplyX.Messaging.PubSub;
using ReplyX.Messaging.Streams;

namespace ReplyX.Realtime.Delivery;

/// <summary>The node's loops, one for each processor. A dialog is always the same loop's.</summary>
internal sealed class DeliveryLoops : IHostedService, IDisposable
{
    // Beyond what a goodbye may take: those whose time was up are cut by then.
    private static readonly TimeSpan _stopSlack = TimeSpan.FromSeconds(1);

    private readonly DeliveryLoop[] _loops;
    private readonly DeliveryServices _services;
    private readonly Backplane _backplane;
    private int _connected;
    private uint _next;

    public DeliveryLoops(DeliveryServices services, Backplane backplane)
    {
        _services = services;
        _backplane = backplane;
        _loops = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(index => new DeliveryLoop(index, services, OnFeed))];
    }

    /// <summary>Raised when a loop hears Redis, or no longer does.</summary>
    public event EventHandler? FeedChanged;

    public IReadOnlyList<DeliveryLoop> All => _loops;

    /// <summary>Whether every loop has a connection on which it hears Redis.</summary>
    public bool AreConnected => Volatile.Read(ref _connected) == _loops.Length;

    /// <summary>The loop of a dialog or feed.</summary>
    public DeliveryLoop Of(StreamKey stream) => _loops[(uint)stream.GetHashCode() % (uint)_loops.Length];

    /// <summary>Any loop, one after the other: for what belongs to no dialog.</summary>
    public DeliveryLoop Next() => _loops[Interlocked.Increment(ref _next) % (uint)_loops.Length];

    /// <summary>Sends a probe to Redis and hears it on a loop's own connection.</summary>
    /// <returns>How long it took from the publish on.</returns>
    /// <exception cref="Messaging.Redis.MessagingUnavailableException">Redis did not take it.</exception>
    /// <exception cref="OperationCanceledException">It was not heard in time.</exception>
    public async Task<TimeSpan> ProbeAsync(CancellationToken cancellationToken)
    {
        var loop = Next();
        var probe = new FeedProbe();
        loop.Post(() => loop.Feed.Subscribe(probe.Channel, probe));
        try
        {
            await probe.Subscribed.WaitAsync(cancellationToken);
            var begun = _services.Time.GetTimestamp();
            await _backplane.PublishProbeAsync(probe.Channel, cancellationToken);
            await probe.Heard.WaitAsync(cancellationToken);
            return _services.Time.GetElapsedTime(begun);
        }
        finally
        {
            loop.Post(() => loop.Feed.Unsubscribe(probe.Channel));
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var loop in _loops)
        {
            loop.Begin();
        }

        return Task.CompletedTask;
    }

    /// <summary>Waits for the sockets, to which the drainer has said goodbye, and cuts those that do not answer.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_loops.Select(loop => loop.WhenEmptyAsync()))
                .WaitAsync(_services.Options.CloseTimeout + _stopSlack, _services.Time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            await Task.WhenAll(_loops.Select(loop => loop.InvokeAsync(loop.CutAll)));
        }
    }

    public void Dispose()
    {
        foreach (var loop in _loops)
        {
            loop.Dispose();
        }
    }

    private void OnFeed(bool isConnected)
    {
        Interlocked.Add(ref _connected, isConnected ? 1 : -1);
        FeedChanged?.Invoke(this, EventArgs.Empty);
    }
}
