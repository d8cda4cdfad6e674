using ReplyX.Client;
using ReplyX.Samples.Replay.Judging;

namespace ReplyX.Samples.Replay.Playing;

/// <summary>A socket that keeps all it gets.</summary>
internal sealed class SocketRecorder : IAsyncDisposable
{
    private readonly string _role;
    private readonly List<ReplyXEvent> _events = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = NewSignal();
    private Task _reading = Task.CompletedTask;

    internal SocketRecorder(string role, ReplyXConnectionOptions options)
    {
        _role = role;
        Connection = new ReplyXConnection(options);
    }

    internal ReplyXConnection Connection { get; }

    /// <exception cref="ReplayException">It is not up in time.</exception>
    internal async Task StartAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        _reading = ReadAsync();
        try
        {
            await Connection.ConnectAsync(cancellationToken).WaitAsync(patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new ReplayException($"{_role}: no socket within {patience.TotalSeconds} s");
        }
        catch (ReplyXConnectionException e)
        {
            throw new ReplayException($"{_role}: {e.Message}");
        }
    }

    /// <summary>Waits until an event of the log, or a later one, was read.</summary>
    /// <returns>Whether it came in time.</returns>
    internal async Task<bool> UntilAsync(long seq, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            while ((Connection.Cursor?.Seq ?? 0) < seq)
            {
                Task changed;
                lock (_lock)
                {
                    changed = _changed.Task;
                }

                if ((Connection.Cursor?.Seq ?? 0) < seq)
                {
                    await changed.WaitAsync(limit.Token);
                }
            }

            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Closes it.</summary>
    /// <returns>What it got.</returns>
    internal async Task<SocketRecord> StopAsync()
    {
        await Connection.DisposeAsync();
        await _reading;
        return new SocketRecord(_role, Connection.Node ?? "none", _events, Connection.Statistics);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task ReadAsync()
    {
        await foreach (var next in Connection.ReadEventsAsync())
        {
            if (next.Cursor is not null)
            {
                _events.Add(next);
                Signal();
            }
        }

        Signal();
    }

    private void Signal()
    {
        lock (_lock)
        {
            var changed = _changed;
            _changed = NewSignal();
            changed.SetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
