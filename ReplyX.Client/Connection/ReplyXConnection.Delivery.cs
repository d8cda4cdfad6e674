namespace ReplyX.Client;

public sealed partial class ReplyXConnection
{
    private EventCursor? _lastHole;
    private long? _dialogId;

    private async ValueTask GreetAsync(LiveSocket socket, ServerFrame frame, long received, CancellationToken alive)
    {
        if (frame.Position is not { } place)
        {
            CountMalformed(0);
            return;
        }

        var recovered = frame.Recovered ?? false;
        _refusedFreshToken = false;
        _dialogId = frame.DialogId;
        Node = frame.Node;
        State = ConnectionState.Connected;
        Interlocked.Increment(ref _connects);
        if (recovered)
        {
            Interlocked.Increment(ref _recovered);
        }

        Log.Connected(_logger, _options.Url.AbsolutePath, frame.Node, recovered);
        _events.TryWrite(new ConnectedEvent
        {
            Recovered = recovered,
            Position = place,
            Read = frame.Read,
            Node = frame.Node,
            Connection = frame.Connection,
            DialogId = frame.DialogId,
            Timestamp = frame.Timestamp,
            ReceivedTimestamp = received,
        });
        socket.SetGreeted(frame.HeartbeatSeconds);
        _firstGreeting.TrySetResult();
        if (_sequencer.Position is null)
        {
            _sequencer.Restart(place);
        }
        else if (!recovered && !_events.Overrun)
        {
            await ReloadAsync(socket, place.Seq, place, alive);
        }
    }

    /// <summary>Delivers an event if it is the next one. If events are missing before it, resumes or reads the history to get them.</summary>
    private async ValueTask HandleEventAsync(LiveSocket socket, ReplyXEvent offered, CancellationToken alive)
    {
        if (_events.Overrun)
        {
            return; // It is fetched again when the reader has caught up.
        }

        if (offered.Cursor is not { } cursor)
        {
            Write(offered);
            return;
        }

        switch (_sequencer.Check(cursor))
        {
            case SequenceStatus.Next:
                Deliver(offered, cursor);
                break;
            case SequenceStatus.Duplicate:
                Interlocked.Increment(ref _duplicates);
                break;
            case SequenceStatus.Conflict:
                Interlocked.Increment(ref _conflicts);
                Log.Conflict(_logger, cursor.Seq);
                socket.Abort(new SocketOutcome("the log is another one") { Resume = true });
                break;
            case SequenceStatus.Hole when _lastHole == _sequencer.Position:
                // Resuming did not bring the missing events, so only the history can have them.
                await ReloadAsync(socket, cursor.Seq - 1, EventCursor.Unverified(cursor.Seq - 1), alive);
                if (_sequencer.Check(cursor) == SequenceStatus.Next)
                {
                    Deliver(offered, cursor);
                }

                break;
            case SequenceStatus.Hole:
                Interlocked.Increment(ref _holes);
                Log.Hole(_logger, cursor.Seq, _sequencer.Position?.Seq ?? 0);
                _lastHole = _sequencer.Position;
                socket.Abort(new SocketOutcome("an event was missing") { Resume = true });
                break;
        }
    }

    private void Deliver(ReplyXEvent next, EventCursor cursor)
    {
        if (Write(next))
        {
            _sequencer.Advance(cursor);
        }
    }

    private async Task ReloadAsync(LiveSocket socket, long upTo, EventCursor head, CancellationToken alive)
    {
        socket.SetBusy(true);
        try
        {
            if (await _reload.RunAsync(upTo, head, alive) == ReloadOutcome.Unavailable)
            {
                socket.Abort(new SocketOutcome("the history did not answer"));
            }
        }
        catch (OperationCanceledException) when (alive.IsCancellationRequested)
        {
            return; // The socket has ended and reports the reason itself.
        }
        finally
        {
            socket.SetBusy(false);
        }
    }

    private bool WriteHistoryEvent(ReplyXEvent added) => Write(added.DialogId is null ? added with { DialogId = _dialogId } : added);

    private bool Write(ReplyXEvent added)
    {
        if (_events.Overrun)
        {
            return false;
        }

        if (_events.TryWrite(added))
        {
            return true;
        }

        Interlocked.Increment(ref _overruns);
        Log.Overrun(_logger);
        return false;
    }

    /// <summary>Called on the reader's thread, or on the writer's if the reader has caught up before the overrun was seen.</summary>
    private void OnReaderCaughtUp()
        => _socket?.Abort(new SocketOutcome("the reader has caught up") { Resume = true });
}
