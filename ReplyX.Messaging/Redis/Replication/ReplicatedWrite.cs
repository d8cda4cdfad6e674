using System.Buffers;
using System.Globalization;
using System.Text;
using StackExchange.Redis;

namespace ReplyX.Messaging.Redis.Replication;

/// <summary>A script that somebody waits for until replicas have what it wrote.</summary>
internal sealed class ReplicatedWrite(RedisScript script, RedisKey[] keys, RedisValue[] arguments)
{
    private readonly TaskCompletionSource<ReplicatedReply> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isGivenUp;

    /// <summary>What it came to.</summary>
    public Task<ReplicatedReply> Done => _done.Task;

    /// <summary>Nobody waits for it any more: what was not sent is not executed late behind the caller's back.</summary>
    public bool IsGivenUp => _isGivenUp;

    public void GiveUp() => _isGivenUp = true;

    public void Complete(ReplicatedReply reply) => _done.TrySetResult(reply);

    public void Fail(Exception exception) => _done.TrySetException(exception);

    /// <summary>Writes the command.</summary>
    /// <param name="commands">Where to.</param>
    /// <param name="byText">Whether Redis is told the script itself, which it then keeps, and not its hash.</param>
    public void WriteTo(IBufferWriter<byte> commands, bool byText)
    {
        commands.WriteCommand(3 + keys.Length + arguments.Length);
        commands.WritePart(byText ? "EVAL"u8 : "EVALSHA"u8);
        commands.WritePart(byText ? script.Text : script.Hash);
        commands.WritePart(Encoding.ASCII.GetBytes(keys.Length.ToString(CultureInfo.InvariantCulture)));
        foreach (var key in keys)
        {
            commands.WritePart((byte[]?)key);
        }

        foreach (var argument in arguments)
        {
            commands.WritePart(((ReadOnlyMemory<byte>)argument).Span);
        }
    }
}
