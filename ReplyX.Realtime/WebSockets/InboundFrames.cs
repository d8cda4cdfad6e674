using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;

namespace ReplyX.Realtime.WebSockets;

/// <summary>
/// Takes frames off a connection's bytes (RFC 6455 sections 5 and 6): where they were received, without a copy, as long as they come
/// whole. It holds memory only amid a message or a frame.
/// </summary>
/// <param name="maxMessageBytes">The longest message; refused by the frame's header, before a byte of it is waited for.</param>
internal struct InboundFrames(int maxMessageBytes)
{
    private byte[]? _message;
    private int _length;
    private int _checkedTo;
    private bool _inMessage;

    /// <summary>Whether a part of a message is there and the rest is not.</summary>
    public readonly bool IsAmidMessage => _inMessage;

    /// <summary>Takes the next frame, if all of it is there.</summary>
    /// <param name="bytes">What was received and not taken yet; moved behind the frame. Its masks are taken off in place.</param>
    /// <param name="payload">A control frame's content, or a whole message. Valid until the next call.</param>
    public InboundKind Take(ref Span<byte> bytes, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (!_inMessage)
        {
            Release();
        }

        switch (FrameHeader.TryRead(bytes, out var header, out var headerLength))
        {
            case FrameHeaderStatus.Incomplete:
                return InboundKind.Incomplete;
            case FrameHeaderStatus.Invalid:
                return InboundKind.ProtocolError;
        }

        if (!header.IsControl)
        {
            if (header.Opcode == Opcode.Continuation != _inMessage)
            {
                return InboundKind.ProtocolError;
            }

            if (header.Opcode == Opcode.Binary)
            {
                return InboundKind.UnsupportedData;
            }

            if (header.PayloadLength > maxMessageBytes - _length)
            {
                return InboundKind.TooBig;
            }
        }

        if (bytes.Length - headerLength < header.PayloadLength)
        {
            return InboundKind.Incomplete;
        }

        var content = bytes.Slice(headerLength, (int)header.PayloadLength);
        bytes = bytes[(headerLength + content.Length)..];
        Masking.Unmask(content, header.Mask);
        return header.IsControl ? TakeControl(header.Opcode, content, out payload) : TakeData(header.IsFinal, content, out payload);
    }

    /// <summary>Gives back what memory there is.</summary>
    public void Release()
    {
        if (_message is not null)
        {
            ArrayPool<byte>.Shared.Return(_message);
            _message = null;
        }

        _length = _checkedTo = 0;
        _inMessage = false;
    }

    private static InboundKind TakeControl(Opcode opcode, ReadOnlySpan<byte> content, out ReadOnlySpan<byte> payload)
    {
        payload = content;
        return opcode switch
        {
            Opcode.Ping => InboundKind.Ping,
            Opcode.Pong => InboundKind.Pong,
            _ => IsGoodbye(content) ? InboundKind.Close : InboundKind.ProtocolError,
        };
    }

    private InboundKind TakeData(bool final, ReadOnlySpan<byte> content, out ReadOnlySpan<byte> payload)
    {
        payload = content;
        if (final && !_inMessage)
        {
            return Utf8.IsValid(content) ? InboundKind.Text : InboundKind.InvalidPayload;
        }

        Append(content);
        var text = _message.AsSpan(0, _length);
        _checkedTo = Utf8Check.Advance(text, _checkedTo, final);
        _inMessage = !final;
        payload = text;
        return _checkedTo < 0 ? InboundKind.InvalidPayload : final ? InboundKind.Text : InboundKind.Fragment;
    }

    private void Append(ReadOnlySpan<byte> content)
    {
        if (_message is null || _message.Length < _length + content.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + content.Length, 256));
            if (_message is not null)
            {
                _message.AsSpan(0, _length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_message);
            }

            _message = larger;
        }

        content.CopyTo(_message.AsSpan(_length));
        _length += content.Length;
    }

    // RFC 6455 sections 5.5.1 and 7.4: empty, or a code that may be sent and a reason in UTF-8.
    private static bool IsGoodbye(ReadOnlySpan<byte> payload) =>
        payload.Length == 0
        || (payload.Length >= sizeof(ushort)
            && BinaryPrimitives.ReadUInt16BigEndian(payload) is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999)
            && Utf8.IsValid(payload[sizeof(ushort)..]));
}
