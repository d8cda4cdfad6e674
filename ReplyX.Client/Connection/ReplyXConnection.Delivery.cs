namespace ReplyX.Client;

public sealed partial class ReplyXConnection
{
    private EventCursor? _lastHole;
    private long? _dialogId;

    private async ValueTask GreetAsync(LiveSocket socket, ServerFrame frame, long received, CancellationToken alive)
    {
        if (frame.Place is not { } place)
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
            Node = frame.Node,
            Connection = frame.Connection,
            DialogId = frame.DialogId,
            Timestamp = frame.Timestamp,
            ReceivedTimestamp = received,
        });
        socket.Greet(frame.HeartbeatSeconds);
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

    /// <summary>Lets an event through to the reader if it is the next one, and sees to it that the next one comes if it is not.</summary>
    private async ValueTask OfferAsync(LiveSocket socket, ReplyXEvent offered, CancellationToken alive)
    {
        if (_events.Overrun)
        {
            return; // It comes again, once the reader has caught up.
        }

        if (offered.Cursor is not { } cursor)
        {
            Write(offered);
            return;
        }

        switch (_sequencer.Judge(cursor))
        {
            case SequenceVerdict.Next:
                Deliver(offered, cursor);
                break;
            case SequenceVerdict.Duplicate:
                Interlocked.Increment(ref _duplicates);
                break;
            case SequenceVerdict.Conflict:
                Interlocked.Increment(ref _conflicts);
                Log.Conflict(_logger, cursor.Seq);
                socket.GiveUp(new SocketOutcome("the log is another one") { Resume = true });
                break;
            case SequenceVerdict.Hole when _lastHole == _sequencer.Position:
                // The log has been asked for what is missing and left it out again: the history has it, or nobody has.
                await ReloadAsync(socket, cursor.Seq - 1, EventCursor.Unverified(cursor.Seq - 1), alive);
                if (_sequencer.Judge(cursor) == SequenceVerdict.Next)
                {
                    Deliver(offered, cursor);
                }

                break;
            case SequenceVerdict.Hole:
                Interlocked.Increment(ref _holes);
                Log.Hole(_logger, cursor.Seq, _sequencer.Position?.Seq ?? 0);
                _lastHole = _sequencer.Position;
                socket.GiveUp(new SocketOutcome("an event was missing") { Resume = true });
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
                socket.GiveUp(new SocketOutcome("the history did not answer"));
            }
        }
        catch (OperationCanceledException) when (alive.IsCancellationRequested)
        {
            return; // The socket's own end says why.
        }
        finally
        {
            socket.SetBusy(false);
        }
    }

    private bool WriteFromHistory(ReplyXEvent added) => Write(added.DialogId is null ? added with { DialogId = _dialogId } : added);

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

    /// <summary>Runs on the reader's thread, and on the writer's when the reader was quicker.</summary>
    private void ReaderCaughtUp()
        => _socket?.GiveUp(new SocketOutcome("the reader has caught up") { Resume = true });
}
