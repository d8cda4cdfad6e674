using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;
using StackExchange.Redis;

namespace ReplyX.Messaging.Redis.Replication;

/// <summary>Replies as Redis sends them (RESP2), one after the other.</summary>
internal sealed class RespReader(Stream stream) : IAsyncDisposable
{
    private readonly PipeReader _pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    /// <summary>Takes the next reply.</summary>
    /// <param name="cancellationToken">Gives up, and with it the connection: what comes later belongs to a command before.</param>
    /// <exception cref="IOException">The connection ended, or what came is no reply.</exception>
    public async ValueTask<RespReply> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _pipe.ReadAsync(cancellationToken);
            if (TryTake(read.Buffer, out var reply, out var end))
            {
                _pipe.AdvanceTo(end);
                return reply;
            }

            _pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                throw new IOException("Redis closed the connection.");
            }
        }
    }

    public ValueTask DisposeAsync() => _pipe.CompleteAsync();

    private static bool TryTake(in ReadOnlySequence<byte> bytes, out RespReply reply, out SequencePosition end)
    {
        var reader = new SequenceReader<byte>(bytes);
        var isWhole = TryTake(ref reader, out reply);
        end = reader.Position;
        return isWhole;
    }

    private static bool TryTake(ref SequenceReader<byte> reader, out RespReply reply)
    {
        reply = default;
        if (!reader.TryReadTo(out ReadOnlySpan<byte> line, "\r\n"u8))
        {
            return false;
        }

        if (line.IsEmpty)
        {
            throw NoReply();
        }

        switch (line[0])
        {
            case (byte)'+':
                reply = new RespReply(RedisResult.Create(line[1..].ToArray(), ResultType.SimpleString));
                return true;
            case (byte)'-':
                reply = new RespReply(Encoding.UTF8.GetString(line[1..]));
                return true;
            case (byte)':':
                reply = new RespReply(RedisResult.Create(Number(line), ResultType.Integer));
                return true;
            case (byte)'$':
                return TryTakeBulk(ref reader, Number(line), out reply);
            case (byte)'*':
                return TryTakeArray(ref reader, Number(line), out reply);
            default:
                throw NoReply();
        }
    }

    private static bool TryTakeBulk(ref SequenceReader<byte> reader, long length, out RespReply reply)
    {
        reply = new RespReply(RedisResult.Create(RedisValue.Null, ResultType.BulkString));
        if (length < 0)
        {
            return true;
        }

        if (reader.Remaining < length + 2)
        {
            return false;
        }

        var bytes = new byte[length];
        reader.TryCopyTo(bytes);
        reader.Advance(length + 2);
        reply = new RespReply(RedisResult.Create(bytes, ResultType.BulkString));
        return true;
    }

    private static bool TryTakeArray(ref SequenceReader<byte> reader, long length, out RespReply reply)
    {
        var items = new RedisResult[Math.Max(0, length)];
        reply = new RespReply(RedisResult.Create(items));
        for (var i = 0; i < items.Length; i++)
        {
            if (!TryTake(ref reader, out var item))
            {
                return false;
            }

            items[i] = item.Result ?? throw NoReply();
        }

        return true;
    }

    private static long Number(ReadOnlySpan<byte> line) =>
        Utf8Parser.TryParse(line[1..], out long number, out var digits) && digits == line.Length - 1 ? number : throw NoReply();

    private static IOException NoReply() => new("It does not speak RESP2.");
}
