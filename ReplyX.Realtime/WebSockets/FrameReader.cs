using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text.Unicode;

namespace ReplyX.Realtime.WebSockets;

/// <summary>
/// Reads messages from an upgraded connection (RFC 6455 sections 5 and 6): joins fragments, takes off masks, checks UTF-8. Between
/// messages it holds no buffer: the pipe waits with reads of zero bytes.
/// </summary>
internal sealed class FrameReader(PipeReader pipe, int maxMessageBytes) : IDisposable
{
    private byte[]? _buffer;
    private int _length;
    private bool _inMessage;
    private bool _consumed;

    /// <summary>Reads the next message or control frame. How a connection ends is a result, not an exception.</summary>
    public async ValueTask<InboundMessage> ReadAsync(CancellationToken cancellationToken)
    {
        if (_consumed)
        {
            Release();
        }

        while (true)
        {
            ReadResult result;
            try
            {
                result = await pipe.ReadAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
            {
                return new InboundMessage(InboundKind.End);
            }

            var buffer = result.Buffer;
            var message = TryTakeFrame(ref buffer);
            pipe.AdvanceTo(buffer.Start, message is null ? result.Buffer.End : buffer.Start);
            if (message is { } complete)
            {
                _consumed = complete.Kind == InboundKind.Text;
                return complete;
            }

            if (result.IsCompleted)
            {
                return new InboundMessage(InboundKind.End);
            }
        }
    }

    /// <summary>Reads and forgets until the peer ends the connection.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        try
        {
            ReadResult result;
            do
            {
                result = await pipe.ReadAsync(cancellationToken);
                pipe.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Ended all the same.
        }
    }

    public void Dispose()
    {
        Release();
        pipe.Complete();
    }

    // Takes one frame if all of it is there. A fragment that does not end its message gives null, as an incomplete frame does.
    private InboundMessage? TryTakeFrame(ref ReadOnlySequence<byte> buffer)
    {
        while (true)
        {
            var reader = new SequenceReader<byte>(buffer);
            switch (FrameHeader.TryRead(ref reader, out var header))
            {
                case FrameHeaderStatus.Incomplete:
                    return null;
                case FrameHeaderStatus.Invalid:
                    return InboundMessage.Broken(CloseCode.ProtocolError);
            }

            // Refused by its header, before a byte of it is waited for.
            if (!header.IsControl && header.PayloadLength > maxMessageBytes - _length)
            {
                return InboundMessage.Broken(CloseCode.MessageTooBig);
            }

            if (reader.Remaining < header.PayloadLength)
            {
                return null;
            }

            var payload = buffer.Slice(reader.Position, header.PayloadLength);
            buffer = buffer.Slice(payload.End);
            if (header.IsControl)
            {
                return TakeControl(header, payload);
            }

            if (TakeData(header, payload) is { } message)
            {
                return message;
            }
        }
    }

    private static InboundMessage TakeControl(FrameHeader header, ReadOnlySequence<byte> payload)
    {
        var bytes = payload.ToArray();
        Masking.Unmask(bytes, header.Mask);
        return header.Opcode switch
        {
            Opcode.Ping => new InboundMessage(InboundKind.Ping, bytes),
            Opcode.Pong => new InboundMessage(InboundKind.Pong, bytes),
            _ => IsGoodbye(bytes) ? new InboundMessage(InboundKind.Close, bytes) : InboundMessage.Broken(CloseCode.ProtocolError),
        };
    }

    private InboundMessage? TakeData(FrameHeader header, ReadOnlySequence<byte> payload)
    {
        var starts = header.Opcode != Opcode.Continuation;
        if (starts == _inMessage)
        {
            return InboundMessage.Broken(CloseCode.ProtocolError);
        }

        if (header.Opcode == Opcode.Binary)
        {
            return InboundMessage.Broken(CloseCode.UnsupportedData);
        }

        var length = (int)payload.Length;
        Reserve(_length + length);
        var target = _buffer.AsSpan(_length, length);
        payload.CopyTo(target);
        Masking.Unmask(target, header.Mask);
        _length += length;
        _inMessage = !header.IsFinal;
        if (_inMessage)
        {
            return null;
        }

        var message = _buffer.AsMemory(0, _length);
        return Utf8.IsValid(message.Span)
            ? new InboundMessage(InboundKind.Text, message)
            : InboundMessage.Broken(CloseCode.InvalidPayload);
    }

    // RFC 6455 sections 5.5.1 and 7.4: empty, or a code that may be sent and a reason in UTF-8.
    private static bool IsGoodbye(ReadOnlySpan<byte> payload)
    {
        if (payload.Length == 0)
        {
            return true;
        }

        return payload.Length >= sizeof(ushort)
            && BinaryPrimitives.ReadUInt16BigEndian(payload) is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999)
            && Utf8.IsValid(payload[sizeof(ushort)..]);
    }

    private void Reserve(int length)
    {
        if (_buffer is not null && _buffer.Length >= length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, 256));
        if (_buffer is not null)
        {
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }

    private void Release()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }

        _length = 0;
        _consumed = false;
    }
}
