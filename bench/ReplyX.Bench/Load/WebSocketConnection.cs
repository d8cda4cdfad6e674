using System.Buffers;
using System.Diagnostics;
using System.Text;

namespace ReplyX.Bench.Load;

/// <summary>A client's socket in a room.</summary>
internal sealed class WebSocketConnection : TcpConnection
{
    private const int MaxControlFrame = 125 + WebSocketFrame.MaxHeaderLength;

    private readonly RoomLoad _load;
    private readonly PeerProtocol _protocol;
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private DeliveryWindow _window;
    private ArrayBufferWriter<byte>? _fragments;
    private bool _isUpgraded;

    public WebSocketConnection(LoadLoop loop, RoomLoad load, PeerProtocol protocol, Room room, ConnectMode mode)
        : base(loop, protocol.NextPort())
    {
        _load = load;
        _protocol = protocol;
        Room = room;
        Mode = mode;
    }

    public Room Room { get; }

    public ConnectMode Mode { get; }

    public bool IsReady { get; private set; }

    /// <summary>How many messages of its room it has got.</summary>
    public long Delivered { get; private set; }

    /// <summary>How long ago it began to connect, in ticks of <see cref="Stopwatch"/>.</summary>
    public long Age => Stopwatch.GetTimestamp() - _startedAt;

    /// <summary>How many of its room's messages have not come.</summary>
    public long Missing => _window.Missing(Room.Sent);

    /// <summary>It has gone as far as its mode says.</summary>
    public void SetReady()
    {
        if (!IsReady)
        {
            IsReady = true;
            _load.OnReady(this);
        }
    }

    /// <summary>Counts every delivery in what came.</summary>
    public void TakeDeliveries(ReadOnlySpan<byte> data)
    {
        while (MessageText.TryTake(ref data, out var number, out var sentAt))
        {
            var isNew = _window.TryTake(number);
            Delivered += isNew ? 1 : 0;
            _load.OnDelivered(this, number, sentAt, isNew);
        }
    }

    public void SendHeartbeat()
    {
        if (_protocol.Heartbeat is { Length: > 0 } heartbeat)
        {
            SendControl(WebSocketFrame.Text, heartbeat);
        }
    }

    public void Fail(string reason) => Loop.Fail($"a socket in room {Room.Id}: {reason}");

    protected override void OnConnected() => Send(_protocol.UpgradeRequest(Room, Mode));

    protected override int OnReceived(ReadOnlySpan<byte> data)
    {
        var consumed = 0;
        if (!_isUpgraded)
        {
            var end = data.IndexOf("\r\n\r\n"u8);
            if (end < 0)
            {
                return 0;
            }

            if (!data.StartsWith("HTTP/1.1 101"u8))
            {
                Fail($"the upgrade was refused: {Encoding.UTF8.GetString(data)}");
                Close();
                return data.Length;
            }

            consumed = end + 4;
            _isUpgraded = true;
            _protocol.OnUpgraded(this);
        }

        while (!IsClosed && WebSocketFrame.TryRead(data[consumed..], out var opcode, out var isFinal, out var payload) is > 0 and var length)
        {
            consumed += length;
            OnFrame(opcode, isFinal, payload);
        }

        return consumed;
    }

    protected override void OnEnded(string reason)
    {
        if (Mode != ConnectMode.Bare || !IsReady)
        {
            Fail(reason);
        }
    }

    private void OnFrame(int opcode, bool isFinal, ReadOnlySpan<byte> payload)
    {
        switch (opcode)
        {
            case WebSocketFrame.Text or WebSocketFrame.Binary or WebSocketFrame.Continuation:
                OnMessage(isFinal, payload);
                break;
            case WebSocketFrame.Ping:
                SendControl(WebSocketFrame.Pong, payload);
                break;
            case WebSocketFrame.Close:
                SendControl(WebSocketFrame.Close, payload);
                _protocol.OnGoodbye(this, payload);
                break;
        }
    }

    private void OnMessage(bool isFinal, ReadOnlySpan<byte> payload)
    {
        if (_fragments is not { WrittenCount: > 0 } && isFinal && !_protocol.IsStream)
        {
            _protocol.OnData(this, payload);
            return;
        }

        _fragments ??= new ArrayBufferWriter<byte>();
        _fragments.Write(payload);
        if (!isFinal && !_protocol.IsStream)
        {
            return;
        }

        var whole = _fragments.WrittenSpan;
        var rest = whole[_protocol.OnData(this, whole)..].ToArray();
        _fragments.ResetWrittenCount();
        _fragments.Write(rest);
    }

    private void SendControl(int opcode, ReadOnlySpan<byte> payload)
    {
        Span<byte> frame = stackalloc byte[MaxControlFrame];
        Send(frame[..WebSocketFrame.Write(frame, opcode, payload)]);
    }
}
