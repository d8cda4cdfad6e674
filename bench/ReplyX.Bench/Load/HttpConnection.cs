using System.Buffers.Text;
using System.Text;

namespace ReplyX.Bench.Load;

/// <summary>A keep-alive connection of a room's sender; one request at a time.</summary>
internal sealed class HttpConnection(LoadLoop loop, int port, Room room, Action<Room> onAnswered) : TcpConnection(loop, port)
{
    private const int EndOfHead = 4;

    private byte[] _request = [];
    private int _requestLength;
    private bool _isOpen;
    private bool _isBusy;
    private bool _wasUsed;

    /// <summary>Sends a request, as soon as the connection stands.</summary>
    public void Request(ReadOnlySpan<byte> request)
    {
        _isBusy = true;
        if (_request.Length < request.Length)
        {
            _request = new byte[request.Length * 2];
        }

        request.CopyTo(_request);
        _requestLength = request.Length;
        if (_isOpen)
        {
            Send(request);
        }
    }

    protected override void OnConnected()
    {
        _isOpen = true;
        Send(_request.AsSpan(0, _requestLength));
    }

    protected override int OnReceived(ReadOnlySpan<byte> data)
    {
        var head = data.IndexOf("\r\n\r\n"u8);
        if (head < 0 || BodyLength(data[..(head + 2)], data[(head + EndOfHead)..]) is not { } body || data.Length < head + EndOfHead + body)
        {
            return 0;
        }

        if (!data.StartsWith("HTTP/1.1 20"u8))
        {
            Loop.Fail($"a message to room {room.Id} was refused: {Encoding.UTF8.GetString(data)}");
            return data.Length;
        }

        _isBusy = false;
        _wasUsed = true;
        if (Contains(data[..head], "\r\nConnection: close"u8))
        {
            Close();
        }
        else
        {
            room.IdleSenders.Push(this);
        }

        onAnswered(room);
        return head + EndOfHead + body;
    }

    protected override void OnEnded(string reason)
    {
        if (!_isBusy)
        {
            return;
        }

        // Servers let go of connections that were idle for long. A request that crosses with that is sent again, as browsers do.
        if (_wasUsed)
        {
            new HttpConnection(Loop, Port, room, onAnswered).Request(_request.AsSpan(0, _requestLength));
        }
        else
        {
            Loop.Fail($"a sender to room {room.Id}: {reason}");
        }
    }

    private static bool Contains(ReadOnlySpan<byte> head, ReadOnlySpan<byte> header) => head.IndexOf(header) >= 0;

    /// <returns>The length of the body, or null while its end is not there.</returns>
    private static int? BodyLength(ReadOnlySpan<byte> head, ReadOnlySpan<byte> behind)
    {
        const string Name = "\r\nContent-Length: ";
        if (head.IndexOf("\r\nContent-Length: "u8) is >= 0 and var at)
        {
            return Utf8Parser.TryParse(head[(at + Name.Length)..], out int length, out _) ? length : throw new BenchException("an answer without a length");
        }

        if (!Contains(head, "\r\nTransfer-Encoding: chunked"u8))
        {
            return 0;
        }

        // JSON text: the end of the last chunk cannot stand in it.
        const string LastChunk = "\r\n0\r\n\r\n";
        return behind.IndexOf("\r\n0\r\n\r\n"u8) is >= 0 and var end ? end + LastChunk.Length : null;
    }
}
