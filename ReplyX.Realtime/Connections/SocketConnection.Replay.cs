using System.Buffers;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Realtime.Protocol;
using ReplyX.Realtime.Telemetry;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Connections;

/// <remarks>
/// Sends <c>connected</c>, then what followed the client's cursor, page by page as the connection takes them, and joins the live events at
/// the seam: from the moment of joining those are held, and the rest up to there still comes from the log.
/// </remarks>
internal sealed partial class SocketConnection
{
    private const int PageSize = 256;

    private Replay? _replay;

    /// <summary>Whether it was sent <c>connected</c>, which comes before all else.</summary>
    public bool IsGreeted => _state == SocketState.Live || _replay is { IsRecovering: true };

    /// <summary>The channel can serve it: the handshake is to be answered.</summary>
    public void OnChannelReady() => _ready?.TrySetResult(true);

    /// <summary>The channel cannot serve it.</summary>
    public void OnChannelFailed() => _ready?.TrySetResult(false);

    private void StartReplay(string? cursor)
    {
        var now = Services.Time.GetTimestamp();
        if (Cursor.TryParse(cursor, out var after))
        {
            _replay = new Replay(after, now, _loop.Budget);
            ReadPage(_replay);
        }
        else
        {
            StartLive(cursor is null ? null : RecoveryOutcome.Fresh, now);
        }
    }

    // Without a replay: from where its dialog stands.
    private void StartLive(RecoveryOutcome? outcome, long startedAt)
    {
        var head = _channel!.Head;
        EndReplay();
        _position = head.Seq;
        _state = SocketState.Live;
        Enqueue(Connected(head, recovered: false));
        if (outcome is { } known)
        {
            Services.Metrics.Recovered(known, Services.Time.GetElapsedTime(startedAt));
        }
    }

    private void ReadPage(Replay replay)
    {
        replay.IsReading = true;
        _loop.ReadPage(
            Peer.Stream,
            replay.After,
            PageSize,
            page => OnPage(replay, page),
            exception => OnPageFailed(replay, exception));
    }

    private void OnPage(Replay replay, LogPage page)
    {
        replay.IsReading = false;
        if (replay != _replay)
        {
            return;
        }

        if (!page.Held)
        {
            if (replay.IsRecovering)
            {
                Close(WebSockets.CloseCode.ServiceRestart, "The log was replaced; reconnect.", drop: true);
            }
            else
            {
                StartLive(RecoveryOutcome.Lost, replay.StartedAt);
            }

            return;
        }

        if (!replay.IsRecovering)
        {
            replay.IsRecovering = true;
            _position = replay.After.Seq;
            replay.Read = _channel!.Read;
            Enqueue(Connected(replay.After, recovered: true));
        }

        if (page.Entries.Count > 0)
        {
            EnqueuePage(page.Entries);
            replay.After = page.Entries[^1].Cursor;
        }

        if (replay.Seam is { } seam)
        {
            if (replay.After.Seq >= seam.Seq)
            {
                FinishReplay(replay);
                return;
            }

            if (page.Entries.Count == 0)
            {
                // The log ends short of what this dialog was sent: it was rolled back to this very cursor.
                Close(WebSockets.CloseCode.ServiceRestart, "The log was replaced; reconnect.", drop: true);
                return;
            }
        }
        else if (!page.HasMore)
        {
            // The end is in sight: join, then fetch what came between the last page and the joining. Unless the two are one event, the
            // log is asked once more, nonce and all: were it rolled back meanwhile, numbers alone would not tell.
            replay.Seam = _channel!.Head;
            if (replay.After == replay.Seam)
            {
                FinishReplay(replay);
                return;
            }
        }

        ContinueReplay();
    }

    // The next page is read when the connection has taken this one, so that a replay never waits in memory whole.
    private void ContinueReplay()
    {
        if (_replay is { IsReading: false } replay && _backlog is null && _state == SocketState.Replaying)
        {
            ReadPage(replay);
        }
    }

    private void EndReplay()
    {
        _replay?.Clear();
        _replay = null;
    }

    private void FinishReplay(Replay replay)
    {
        _replay = null;
        _state = SocketState.Live;
        Services.Metrics.Recovered(RecoveryOutcome.Recovered, Services.Time.GetElapsedTime(replay.StartedAt));
        SendReadMarksSince(replay.Read);
        while (_state == SocketState.Live && replay.TryRelease(out var held))
        {
            var skipped = held.FirstSeq == 0 ? 0 : (int)Math.Clamp(_position + 1 - held.FirstSeq, 0, held.Count);
            if (skipped == held.Count)
            {
                continue;
            }

            if (held.FirstSeq > _position + 1)
            {
                CloseAtGap();
                break;
            }

            if (held.FirstSeq > 0)
            {
                _position = held.FirstSeq + held.Count - 1;
            }

            var count = held.Count - skipped;
            Enqueue(held.Bytes[FrameHeader.OffsetOf(held.Bytes.Span, skipped)..], count, count);
        }

        replay.Clear();
    }

    private void SendReadMarksSince(ReadMarks told)
    {
        var read = _channel!.Read;
        foreach (var side in ReadMarks.Sides)
        {
            if (read.Of(side) > told.Of(side)
                && LogEntry.TryParse(DialogLog.ReadEntry(Peer.Stream, side, read.Of(side), Services.Time.GetUtcNow()), out var entry))
            {
                Send(OutboundFrame.Text(entry.Payload.Span));
            }
        }
    }

    private void OnPageFailed(Replay replay, Exception exception)
    {
        replay.IsReading = false;
        if (replay != _replay)
        {
            return;
        }

        switch (exception)
        {
            case MessagingUnavailableException:
                // The cursor stands where it stood: the client resumes on this node or another.
                Services.Metrics.Refused(ConnectionError.BackplaneUnavailable);
                Close(WebSockets.CloseCode.ServiceRestart, "The log cannot be read now; resume from your cursor.", drop: true);
                break;
            case ArchiveDamagedException:
                // What cannot be read cannot be replayed. The client is told so, and may still watch what comes.
                Log.ArchiveDamaged(Services.Logger, exception, Peer.Stream.ToString());
                if (replay.IsRecovering)
                {
                    Close(WebSockets.CloseCode.ServiceRestart, "The log cannot be read on; resume from your cursor.", drop: true);
                }
                else
                {
                    StartLive(RecoveryOutcome.Lost, replay.StartedAt);
                }

                break;
            default:
                OnServed(answer: null, exception);
                break;
        }
    }

    private void EnqueuePage(IReadOnlyList<LogEntry> entries)
    {
        var length = 0;
        foreach (var entry in entries)
        {
            length += FrameHeader.UnmaskedLength(entry.Payload.Length) + entry.Payload.Length;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(length);
        var at = 0;
        foreach (var entry in entries)
        {
            var payload = entry.Payload.Span;
            FrameHeader.WriteUnmasked(buffer.AsSpan(at), Opcode.Text, payload.Length);
            at += FrameHeader.UnmaskedLength(payload.Length);
            payload.CopyTo(buffer.AsSpan(at));
            at += payload.Length;
        }

        _position = entries[^1].Seq;
        var taken = _backlog is null ? _transport!.Send(buffer.AsSpan(0, length)) : 0;
        if (taken == length || taken < 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (taken < 0)
            {
                _loop.CutLater(this);
                return;
            }

            Services.Metrics.Sent(Peer.Route.Kind, entries.Count);
            return;
        }

        // A page is bounded by itself, and the next is not read before this one has left.
        _backlog ??= new Backlog(_loop.Budget, Services.Time.GetTimestamp());
        _backlog.Add(buffer.AsMemory(0, length), entries.Count, entries.Count, taken, buffer);
        if (!_loop.Budget.HasRoom)
        {
            _loop.ShedLater();
        }
    }

    private OutboundFrame Connected(Cursor at, bool recovered) => ServerFrames.Connected(
        Peer.Stream, at, recovered, _channel!.Read, Services.Node.Id, IdText, Services.Options.HeartbeatInterval, Services.Time.GetUtcNow());
}
