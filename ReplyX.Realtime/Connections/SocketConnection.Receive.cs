using System.Buffers;
using System.Buffers.Binary;
using ReplyX.Realtime.Telemetry;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Connections;

internal sealed partial class SocketConnection
{
    private InboundFrames _frames;
    private byte[]? _pending;
    private int _pendingLength;
    private long _receivedAt;
    private long _heardAt;
    private bool _isServing;
    private bool _peerHasClosed;
    private long _skip;
    private int _afterGoodbye;

    public Span<byte> ReceiveBuffer => _loop.ReceiveBuffer;

    public bool OnReceived(int count)
    {
        _receivedAt = Services.Time.GetTimestamp();
        return Receive(_loop.ReceiveBuffer[..count]);
    }

    public void OnEnded() => Cut();

    // What was received before, and is not a whole frame or had to wait, comes first.
    private bool Receive(Span<byte> received)
    {
        if (_pending is null)
        {
            Parse(ref received);
            Keep(received);
        }
        else
        {
            Keep(received);
            var pending = _pending;
            var whole = pending.AsSpan(0, _pendingLength);
            var rest = whole;
            _pending = null;
            _pendingLength = 0;
            Parse(ref rest);
            if (rest.IsEmpty || _state == SocketState.Closed)
            {
                ArrayPool<byte>.Shared.Return(pending);
            }
            else
            {
                rest.CopyTo(pending);
                _pending = pending;
                _pendingLength = rest.Length;
            }
        }

        if (!_frames.IsAmidMessage)
        {
            _frames.Release();
        }

        return !_isServing;
    }

    private void Parse(ref Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            switch (_state)
            {
                case SocketState.Replaying or SocketState.Live when _isServing:
                    return;
                case SocketState.Replaying or SocketState.Live:
                    if (!TryTakeFrame(ref bytes))
                    {
                        return;
                    }

                    break;
                case SocketState.Closing:
                    if (!TrySkipFrame(ref bytes))
                    {
                        return;
                    }

                    break;
                default:
                    ThrowAway(ref bytes);
                    return;
            }
        }
    }

    private bool TryTakeFrame(ref Span<byte> bytes)
    {
        var kind = _frames.Take(ref bytes, out var payload);
        switch (kind)
        {
            case InboundKind.Incomplete:
                return false;
            case InboundKind.Close:
                _peerHasClosed = true;
                Answer(payload);
                return true;
            case InboundKind.ProtocolError:
                Break(WebSockets.CloseCode.ProtocolError);
                return true;
            case InboundKind.UnsupportedData:
                Break(WebSockets.CloseCode.UnsupportedData);
                return true;
            case InboundKind.InvalidPayload:
                Break(WebSockets.CloseCode.InvalidPayload);
                return true;
            case InboundKind.TooBig:
                Break(WebSockets.CloseCode.MessageTooBig);
                return true;
        }

        // A part of a message is no sign of life, or a message without end would be one for ever; nor is a pong, which a browser gives for a
        // page that hangs.
        if (kind is not (InboundKind.Fragment or InboundKind.Pong))
        {
            _heardAt = _receivedAt;
        }

        // Every frame counts, the empty parts of one message too.
        if (!_rate.TryTake(Services.Time))
        {
            Services.Metrics.Refused(ConnectionError.FrameRate);
            Close(WebSockets.CloseCode.RateLimited, "Too many messages; slow down.", drop: true);
        }
        else if (kind == InboundKind.Ping)
        {
            Send(OutboundFrame.Pong(payload));
        }
        else if (kind == InboundKind.Pong)
        {
            _loop.Heartbeat.OnPong(this, payload);
        }
        else if (kind == InboundKind.Text && _channel is not null)
        {
            Serve(payload);
        }

        return true;
    }

    // After the goodbye only the peer's own is looked for: frames are stepped over by their headers.
    private bool TrySkipFrame(ref Span<byte> bytes)
    {
        if (_skip > 0)
        {
            var skipped = (int)Math.Min(_skip, bytes.Length);
            _skip -= skipped;
            Count(skipped);
            bytes = bytes[skipped..];
            return true;
        }

        switch (FrameHeader.TryRead(bytes, out var header, out var length))
        {
            case FrameHeaderStatus.Incomplete:
                return false;
            case FrameHeaderStatus.Invalid:
                _state = SocketState.Draining;
                DrainUntilQuiet();
                return true;
        }

        bytes = bytes[length..];
        Count(length);
        _skip = header.PayloadLength;
        if (header.Opcode == Opcode.Close)
        {
            _peerHasClosed = true;
            _skip = 0;
            bytes = [];
            EndIfAnswered();
        }

        return true;
    }

    private void ThrowAway(ref Span<byte> bytes)
    {
        Count(bytes.Length);
        bytes = [];
    }

    private void Count(int bytes)
    {
        _afterGoodbye += bytes;
        if (_afterGoodbye > MostAfterGoodbye)
        {
            Cut();
        }
    }

    // RFC 6455 section 5.5.1: the answer to a goodbye carries its code.
    private void Answer(ReadOnlySpan<byte> payload)
    {
        var code = payload.Length >= sizeof(ushort) ? BinaryPrimitives.ReadUInt16BigEndian(payload) : NoStatus;
        Close(code, OutboundFrame.CloseAnswer(payload[..Math.Min(payload.Length, sizeof(ushort))]), drop: true, SocketState.Closing);
        EndIfAnswered();
    }

    // RFC 6455 section 7.1.1: once both have said goodbye the server ends the connection at once.
    private void EndIfAnswered()
    {
        if (_peerHasClosed && _backlog is null)
        {
            _loop.CutLater(this);
        }
    }

    private void Break(CloseCode code)
    {
        Services.Metrics.Refused(code == WebSockets.CloseCode.MessageTooBig ? ConnectionError.MessageSize : ConnectionError.Protocol);
        Close((int)code, OutboundFrame.Close(code, ""), drop: true, SocketState.Draining);
        DrainUntilQuiet();
    }

    // Bytes left unread would turn the end into a reset, and the reset overtakes the goodbye.
    private void DrainUntilQuiet()
    {
        var silence = Services.Time.GetElapsedTime(_receivedAt);
        if (silence >= _quiet && _backlog is null)
        {
            Cut();
        }
        else if (_state == SocketState.Draining)
        {
            _loop.Schedule(_quiet - silence > TimeSpan.Zero ? _quiet - silence : _quiet, DrainUntilQuiet);
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        var length = _pendingLength + bytes.Length;
        if (_pending is null || _pending.Length < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, 512));
            if (_pending is not null)
            {
                _pending.AsSpan(0, _pendingLength).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_pending);
            }

            _pending = larger;
        }

        bytes.CopyTo(_pending.AsSpan(_pendingLength));
        _pendingLength = length;
    }

    private void ReleaseInbound()
    {
        _frames.Release();
        if (_pending is not null)
        {
            ArrayPool<byte>.Shared.Return(_pending);
            _pending = null;
            _pendingLength = 0;
        }
    }

    private void ResumeReading()
    {
        if (_pending is null || Receive([]))
        {
            _transport?.Resume();
        }
    }
}
