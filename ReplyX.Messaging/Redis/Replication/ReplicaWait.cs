using System.Buffers;
using System.Globalization;
using System.Text;
using ReplyX.Messaging.Dialogs;
using StackExchange.Redis;

namespace ReplyX.Messaging.Redis.Replication;

/// <summary>The command that waits for replicas, as the options ask for it.</summary>
internal sealed class ReplicaWait
{
    private readonly byte[][] _parts;
    private readonly int _replicas;
    private readonly bool _onDisk;

    public ReplicaWait(MessagingOptions options)
    {
        _replicas = options.Replicas;
        _onDisk = options.ReplicasOnDisk;
        var timeout = Text((long)options.ReplicaTimeout.TotalMilliseconds);
        Command = _onDisk ? "WAITAOF" : "WAIT";
        _parts = _onDisk
            ? [Encoding.ASCII.GetBytes(Command), "1"u8.ToArray(), Text(_replicas), timeout]
            : [Encoding.ASCII.GetBytes(Command), Text(_replicas), timeout];
    }

    /// <summary>Its name.</summary>
    public string Command { get; }

    /// <summary>
    /// Writes it, and before it something that replicas are sent: by its documentation WAIT looks only at what its own connection wrote,
    /// and a retry that finds its event has written nothing. A publish that nobody hears touches no key and no file.
    /// </summary>
    public void WriteTo(IBufferWriter<byte> commands)
    {
        commands.WriteCommand(3);
        commands.WritePart("PUBLISH"u8);
        commands.WritePart(RedisKeys.ReplicationChannel);
        commands.WritePart("-"u8);
        commands.WriteCommand(_parts.Length);
        foreach (var part in _parts)
        {
            commands.WritePart(part);
        }
    }

    /// <summary>Whether its reply says that enough replicas have everything, on disk if that is asked for, and this server too then.</summary>
    public bool IsEnough(RespReply reply) => _onDisk
        ? reply.Result is { Resp2Type: ResultType.Array, Length: 2 } both && (long)both[0] >= 1 && (long)both[1] >= _replicas
        : reply.Result is { Resp2Type: ResultType.Integer } count && (long)count >= _replicas;

    private static byte[] Text(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
