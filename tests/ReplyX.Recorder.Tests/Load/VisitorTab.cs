using System.Collections.Concurrent;
using ReplyX.Client;

namespace ReplyX.Recorder.Tests.Load;

/// <summary>One tab of a visitor: a socket of the client library, and what came on it.</summary>
internal sealed class VisitorTab : IAsyncDisposable
{
    private readonly ReplyXConnection _connection;
    private readonly ConcurrentQueue<float> _latencies;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly List<ReceivedEvent> _received = [];
    private readonly List<(long Seq, TaskCompletionSource Came)> _waits = [];
    private readonly long _from;
    private Task _reading = Task.CompletedTask;

    /// <summary>Makes one that is not connected.</summary>
    /// <param name="options">Where it connects, and from which event on it wants all.</param>
    /// <param name="latencies">Gets how long after they were made its events came, in milliseconds.</param>
    public VisitorTab(ReplyXConnectionOptions options, ConcurrentQueue<float> latencies)
    {
        _connection = new ReplyXConnection(options);
        _latencies = latencies;
        _from = options.Cursor!.Value.Seq;
    }

    /// <summary>Connects that came about.</summary>
    public long Connects => _connection.Statistics.Connects;

    /// <summary>Connects that did not, and sockets that were lost.</summary>
    public long Lost { get; private set; }

    public Task ConnectAsync()
    {
        _reading = ReadAsync();
        return _connection.ConnectAsync();
    }

    public Task<SendResult> SendAsync(string text, string key) => _connection.SendAsync(text, key);

    /// <summary>Completes when an event has come; false if the connection ended before.</summary>
    public async Task<bool> HasAsync(long seq)
    {
        var came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_received.Exists(one => one.Position.Seq >= seq))
            {
                return true;
            }

            _waits.Add((seq, came));
        }

        return await Task.WhenAny(came.Task, _ended.Task) == came.Task;
    }

    /// <summary>Compares what came with the dialog. Called when the tab is closed.</summary>
    public DeliveryAudit Audit(AuditedDialog dialog) => DeliveryAudit.OfSocket(dialog, _from, _received, _connection.Statistics);

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _reading;
    }

    private async Task ReadAsync()
    {
        await foreach (var next in _connection.ReadEventsAsync())
        {
            if (next is DisconnectedEvent)
            {
                Lost++;
            }
            else if (next is { Cursor: not null } and not GapEvent)
            {
                Take(ReceivedEvent.Of(next));
                _latencies.Enqueue((float)(TimeProvider.System.GetUtcNow() - next.Timestamp!.Value).TotalMilliseconds);
            }
        }

        _ended.TrySetResult();
    }

    private void Take(ReceivedEvent received)
    {
        lock (_lock)
        {
            _received.Add(received);
            foreach (var (_, came) in _waits.Where(wait => wait.Seq <= received.Position.Seq))
            {
                came.TrySetResult();
            }
        }
    }
}
