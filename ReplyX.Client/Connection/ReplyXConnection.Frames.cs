namespace ReplyX.Client;

public sealed partial class ReplyXConnection
{
    private long _connects;
    private long _recovered;
    private long _frames;
    private long _duplicates;
    private long _holes;
    private long _conflicts;
    private long _overruns;
    private long _malformed;
    private Task _refresh = Task.CompletedTask;

    /// <summary>What happened so far.</summary>
    public ConnectionStatistics Statistics => new()
    {
        Connects = Interlocked.Read(ref _connects),
        Recovered = Interlocked.Read(ref _recovered),
        Frames = Interlocked.Read(ref _frames),
        Duplicates = Interlocked.Read(ref _duplicates),
        Holes = Interlocked.Read(ref _holes),
        Conflicts = Interlocked.Read(ref _conflicts),
        Overruns = Interlocked.Read(ref _overruns),
        Malformed = Interlocked.Read(ref _malformed),
        Gaps = _reload.Gaps,
    };

    private async Task<SocketOutcome> ReceiveAsync(LiveSocket socket, CancellationToken alive)
    {
        while (true)
        {
            var read = await socket.ReceiveAsync(_abort.Token);
            if (read.End is { } end)
            {
                return AfterEnd(socket, end);
            }

            Interlocked.Increment(ref _frames);
            if (!read.Text.Span.SequenceEqual(FrameTypes.Pong))
            {
                await HandleAsync(socket, read.Text, alive);
            }
        }
    }

    private void CountMalformed(int bytes)
    {
        Interlocked.Increment(ref _malformed);
        Log.Malformed(_logger, bytes);
    }

    private SocketOutcome AfterEnd(LiveSocket socket, SocketOutcome end)
    {
        if (socket.GreetedAt is { } since && _time.GetElapsedTime(since) >= _options.StableAfter)
        {
            _backoff.Reset();
        }

        if (end.TokenExpired)
        {
            InvalidateToken();
        }

        if (end.CloseCode == CloseCodes.TooBig)
        {
            _outbox.FailLargestSent();
        }

        return end;
    }

    private async ValueTask HandleAsync(LiveSocket socket, ReadOnlyMemory<byte> text, CancellationToken alive)
    {
        var received = _time.GetTimestamp();
        if (ServerFrameReader.Read(text.Span) is not { } frame)
        {
            CountMalformed(text.Length);
            return;
        }

        switch (frame.Type)
        {
            case FrameTypes.Connected:
                await GreetAsync(socket, frame, received, alive);
                break;
            case FrameTypes.Ack when frame is { ClientId: { } key, Position: { } at }:
                _outbox.Acknowledge(key, at, frame.Duplicate ?? false);
                break;
            case FrameTypes.Error when frame.ClientId is { } key && HandleSendError(key, frame):
                break;
            case FrameTypes.TokenExpiring:
                if (_refresh.IsCompleted)
                {
                    _refresh = RefreshAsync(socket, alive);
                }

                break;
            case FrameTypes.Refreshed:
                break; // The new token counts from now on; there is nothing to do.
            case FrameTypes.Reconnect:
                socket.ReconnectHint = ServerFrameReader.Milliseconds(frame.DelayMs);
                break;
            default:
                if (ServerFrameReader.ToEvent(frame, text.Span, received) is { } known)
                {
                    await HandleEventAsync(socket, known, alive);
                }
                else
                {
                    CountMalformed(text.Length);
                }

                break;
        }
    }
}
