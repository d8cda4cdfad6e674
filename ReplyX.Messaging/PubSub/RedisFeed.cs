using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ReplyX.Messaging.Redis;

namespace ReplyX.Messaging.PubSub;

/// <summary>
/// Redis' publish/subscribe (RESP2, https://redis.io/docs/latest/develop/pubsub/) on one connection of its own, owned by one thread.
/// Commands and confirmations keep their order on a connection, so that a channel is subscribed exactly when the last command sent
/// for it was SUBSCRIBE and is confirmed: no order of joining and leaving leaves a subscription behind, or a listener deaf.
/// </summary>
/// <remarks>
/// Where channels are sharded a feed is one of several, each on a server of its own, and what goes elsewhere is told to its link.
/// It carries what is appended to every node that has a socket on it, and forgets: whoever needs certainty reads the
/// <see cref="Dialogs.DialogLog"/> from where it stood whenever <see cref="IFeedListener.OnSubscribed"/> is called.
/// </remarks>
public sealed class RedisFeed
{
    private const int InitialBuffer = 64 * 1024;

    // Far above the longest event; more is no Redis.
    private const int LargestMessage = 16 * 1024 * 1024;

    private readonly IFeedLink _link;
    private readonly (string? User, string Password)? _credential;
    private readonly Dictionary<byte[], Channel> _channels = new(ChannelComparer.Instance);
    private readonly Dictionary<byte[], Channel>.AlternateLookup<ReadOnlySpan<byte>> _byName;
    private readonly ArrayBufferWriter<byte> _commands = new();

    // Whose commands have no answer yet, in their order; only where channels are sharded.
    private readonly Queue<Channel> _asked = new();
    private byte[] _buffer = new byte[InitialBuffer];
    private int _start;
    private int _end;
    private int _sent;

    /// <summary>Makes a feed that is not connected.</summary>
    /// <param name="link">Its connection.</param>
    /// <param name="user">The ACL user; null for the default one.</param>
    /// <param name="password">The password; null if Redis asks for none.</param>
    public RedisFeed(IFeedLink link, string? user = null, string? password = null)
    {
        _link = link;
        _credential = string.IsNullOrEmpty(password) ? null : (user, password);
        _byName = _channels.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Whether there is a connection.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Whether channels are sharded: SSUBSCRIBE in place of SUBSCRIBE. To be set before there is a connection.</summary>
    public bool IsSharded { get; init; }

    private ReadOnlySpan<byte> SubscribeCommand => IsSharded ? "SSUBSCRIBE"u8 : "SUBSCRIBE"u8;

    private ReadOnlySpan<byte> UnsubscribeCommand => IsSharded ? "SUNSUBSCRIBE"u8 : "UNSUBSCRIBE"u8;

    /// <summary>Whether what is published on a channel is heard now: Redis has confirmed it on this connection.</summary>
    /// <param name="channel">Its name.</param>
    public bool Hears(string channel) =>
        IsConnected && _channels.TryGetValue(Encoding.UTF8.GetBytes(channel), out var entry) && entry is { IsConfirmed: true, Listener: not null };

    /// <summary>Where the next bytes from Redis go.</summary>
    public Span<byte> ReceiveBuffer
    {
        get
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                _end -= _start;
                _start = 0;
            }

            if (_end == _buffer.Length)
            {
                Array.Resize(ref _buffer, 2 * _buffer.Length);
            }

            return _buffer.AsSpan(_end);
        }
    }

    /// <summary>Begins to hear a channel, in place of whoever heard it before.</summary>
    /// <param name="channel">Its name.</param>
    /// <param name="listener">Who hears it.</param>
    public void Subscribe(string channel, IFeedListener listener)
    {
        var name = Encoding.UTF8.GetBytes(channel);
        if (!_channels.TryGetValue(name, out var entry))
        {
            entry = new Channel(name);
            _channels.Add(name, entry);
        }

        entry.Listener = listener;
        if (IsConnected)
        {
            Send(entry, SubscribeCommand);
        }
    }

    /// <summary>Hears a channel no more.</summary>
    /// <param name="channel">Its name.</param>
    public void Unsubscribe(string channel)
    {
        if (!_channels.TryGetValue(Encoding.UTF8.GetBytes(channel), out var entry) || entry.Listener is null)
        {
            return;
        }

        entry.Listener = null;
        if (IsConnected)
        {
            Send(entry, UnsubscribeCommand);
        }
        else
        {
            _channels.Remove(entry.Name);
        }
    }

    /// <summary>Forgets a channel without a word to Redis, which has forgotten it, too.</summary>
    /// <param name="channel">Its name.</param>
    public void Forget(string channel)
    {
        if (_channels.Remove(Encoding.UTF8.GetBytes(channel), out var entry))
        {
            entry.Listener = null;
        }
    }

    /// <summary>How many channels are heard or asked for.</summary>
    public int Count => _channels.Count;

    /// <summary>A connection has come about: signs in, and subscribes to all that is to be heard.</summary>
    public void OnConnected()
    {
        IsConnected = true;
        _start = _end = _sent = 0;
        _commands.ResetWrittenCount();
        _asked.Clear();
        if (_credential is { } credential)
        {
            if (string.IsNullOrEmpty(credential.User))
            {
                Write("AUTH"u8, Encoding.UTF8.GetBytes(credential.Password));
            }
            else
            {
                Write("AUTH"u8, Encoding.UTF8.GetBytes(credential.User), Encoding.UTF8.GetBytes(credential.Password));
            }
        }

        foreach (var entry in _channels.Values)
        {
            entry.Unconfirmed = 0;
            Send(entry, SubscribeCommand);
        }

        Flush();
    }

    /// <summary>The connection is lost.</summary>
    public void OnDisconnected()
    {
        if (!IsConnected)
        {
            return;
        }

        IsConnected = false;
        foreach (var entry in _channels.Values.ToArray())
        {
            entry.IsConfirmed = false;
            if (entry.Listener is { } listener)
            {
                listener.OnLost();
            }
            else
            {
                _channels.Remove(entry.Name);
            }
        }
    }

    /// <summary>Asks Redis for a sign of life, which comes as any other bytes do.</summary>
    public void Ping()
    {
        Write("PING"u8);
        Flush();
    }

    /// <summary>Sends the commands that wait, as far as the connection takes them.</summary>
    public void Flush()
    {
        while (IsConnected && _sent < _commands.WrittenCount)
        {
            var count = _link.Send(_commands.WrittenSpan[_sent..]);
            if (count < 0)
            {
                _link.Fail("The connection is gone.");
                return;
            }

            if (count == 0)
            {
                return;
            }

            _sent += count;
        }

        _sent = 0;
        _commands.ResetWrittenCount();
    }

    /// <summary>Bytes from Redis have come: hands out what they say.</summary>
    /// <param name="count">How many, in <see cref="ReceiveBuffer"/>.</param>
    public void OnReceived(int count)
    {
        _end += count;
        while (IsConnected && _start < _end)
        {
            var length = Take(_buffer.AsSpan(_start, _end - _start));
            if (length < 0 || _end - _start > LargestMessage)
            {
                _link.Fail("It does not speak RESP2.");
                break;
            }

            if (length == 0)
            {
                break;
            }

            _start += length;
        }

        _link.OnBatchEnd();
    }

    // Takes one reply or push if all of it is there. Its length; 0 if it is not all there; negative if it is neither.
    private int Take(Span<byte> bytes)
    {
        switch (bytes[0])
        {
            case (byte)'*':
                return TakePush(bytes);
            case (byte)'+' or (byte)':':
                return LineEnd(bytes);
            case (byte)'-':
                var length = LineEnd(bytes);
                if (length > 0 && TryTakeMoved(bytes[..(length - 2)]))
                {
                    return length;
                }

                if (length > 0)
                {
                    // Of a command that was refused nothing more can be known: which one it was is not said.
                    _link.Fail(Encoding.UTF8.GetString(bytes[1..(length - 2)]));
                }

                return length;
            default:
                return -1;
        }
    }

    // What kind it is, the channel, and the message or the number of subscriptions; or the two parts of a pong.
    private int TakePush(Span<byte> bytes)
    {
        var at = TakeNumber(bytes, (byte)'*', out var parts);
        if (at <= 0)
        {
            return at;
        }

        if (parts is not (2 or 3))
        {
            return -1;
        }

        var kindEnd = TakeBulk(bytes, at, out var kind);
        if (kindEnd <= 0)
        {
            return kindEnd;
        }

        var channelEnd = TakeBulk(bytes, kindEnd, out var channel);
        if (channelEnd <= 0 || parts == 2)
        {
            return channelEnd;
        }

        if (bytes[kind].SequenceEqual(IsSharded ? "smessage"u8 : "message"u8))
        {
            var end = TakeBulk(bytes, channelEnd, out var message);
            if (end > 0 && _byName.TryGetValue(bytes[channel], out var heard) && heard.Listener is { } listener)
            {
                var (offset, length) = message.GetOffsetAndLength(bytes.Length);
                listener.OnPublished(_buffer.AsMemory(_start + offset, length));
            }

            return end;
        }

        var confirmed = channelEnd < bytes.Length ? TakeNumber(bytes[channelEnd..], (byte)':', out _) : 0;
        if (confirmed <= 0)
        {
            return confirmed;
        }

        if (IsSharded)
        {
            TakeConfirmation(bytes[channel]);
        }
        else if (_byName.TryGetValue(bytes[channel], out var entry))
        {
            Confirm(entry);
        }

        return channelEnd + confirmed;
    }

    // A server may end subscriptions by itself: what does not answer the command that is next is not an answer.
    private void TakeConfirmation(ReadOnlySpan<byte> name)
    {
        if (_asked.TryPeek(out var asked) && name.SequenceEqual(asked.Name))
        {
            _asked.Dequeue();
            Confirm(asked);
        }
        else if (_byName.TryGetValue(name, out var entry))
        {
            End(entry);
        }
    }

    // "-MOVED 3999 127.0.0.1:6381": to a command of that slot.
    private bool TryTakeMoved(ReadOnlySpan<byte> error)
    {
        var words = Encoding.UTF8.GetString(error).Split(' ');
        if (!IsSharded || words is not ["-MOVED", var slot, var address] || !int.TryParse(slot, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        // No other commands are refused so.
        if (_asked.TryDequeue(out var refused) && --refused.Unconfirmed == 0 && refused.Listener is null)
        {
            Remove(refused);
        }

        _link.OnMoved(number, address);
        return true;
    }

    // Nobody has asked for that.
    private void End(Channel entry)
    {
        entry.IsConfirmed = false;
        if (entry.Listener is { } listener)
        {
            listener.OnLost();
            _link.OnEnded(Encoding.UTF8.GetString(entry.Name));
        }
    }

    // Not one that has come in its place.
    private void Remove(Channel entry)
    {
        if (_channels.TryGetValue(entry.Name, out var current) && current == entry)
        {
            _channels.Remove(entry.Name);
        }
    }

    private void Confirm(Channel entry)
    {
        if (--entry.Unconfirmed > 0)
        {
            return;
        }

        if (entry.Listener is { } listener)
        {
            entry.IsConfirmed = true;
            listener.OnSubscribed();
        }
        else
        {
            Remove(entry);
        }
    }

    private void Send(Channel entry, ReadOnlySpan<byte> command)
    {
        entry.Unconfirmed++;
        entry.IsConfirmed = false;
        if (IsSharded)
        {
            _asked.Enqueue(entry);
        }

        Write(command, entry.Name);
    }

    private void Write(ReadOnlySpan<byte> command, params ReadOnlySpan<byte[]> arguments)
    {
        _commands.WriteCommand(1 + arguments.Length);
        _commands.WritePart(command);
        foreach (var argument in arguments)
        {
            _commands.WritePart(argument);
        }
    }

    private static int LineEnd(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOf("\r\n"u8);
        return at < 0 ? 0 : at + 2;
    }

    private static int TakeNumber(ReadOnlySpan<byte> bytes, byte type, out int number)
    {
        number = 0;
        if (bytes[0] != type)
        {
            return -1;
        }

        var end = LineEnd(bytes);
        return end == 0 || (Utf8Parser.TryParse(bytes[1..end], out number, out var digits) && digits == end - 3) ? end : -1;
    }

    private static int TakeBulk(ReadOnlySpan<byte> bytes, int from, out Range content)
    {
        content = default;
        if (from >= bytes.Length)
        {
            return 0;
        }

        var head = TakeNumber(bytes[from..], (byte)'$', out var length);
        if (head <= 0)
        {
            return head;
        }

        // An UNSUBSCRIBE of nothing would name no channel; none is sent.
        if (length is < 0 or > LargestMessage)
        {
            return -1;
        }

        var start = from + head;
        content = start..(start + length);
        return start + length + 2 <= bytes.Length ? start + length + 2 : 0;
    }

    private sealed class Channel(byte[] name)
    {
        public byte[] Name => name;

        /// <summary>Who hears it; null once it is to be heard no more.</summary>
        public IFeedListener? Listener { get; set; }

        /// <summary>Whether Redis has confirmed the last command, and that was to subscribe.</summary>
        public bool IsConfirmed { get; set; }

        /// <summary>How many commands for it Redis has not confirmed.</summary>
        public int Unconfirmed { get; set; }
    }

    // Channels are found by the bytes in which Redis names them.
    private sealed class ChannelComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly ChannelComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
