using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Hosting;

/// <summary>A socket on which a test sends every frame by hand, sees every frame that comes, and how TCP ends.</summary>
internal sealed class FrameSocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private FrameSocket()
    {
    }

    /// <summary>Connects and takes the node's 101, but no frame yet.</summary>
    /// <param name="node">Where to.</param>
    /// <param name="path">The path.</param>
    /// <param name="token">The credential.</param>
    /// <param name="cursor">The last event seen, if any.</param>
    /// <param name="receiveBuffer">How much the system takes for a client that does not read; null for as much as it likes.</param>
    public static async Task<FrameSocket> OpenAsync(Uri node, string path, string token, string? cursor = null, int? receiveBuffer = null)
    {
        var opened = new FrameSocket();
        try
        {
            if (receiveBuffer is { } size)
            {
                opened._socket.ReceiveBufferSize = size;
            }

            await opened._socket.ConnectAsync(node.Host, node.Port, TestTimeout.Token());
            await opened.SendAsync(Encoding.ASCII.GetBytes(Request(path, token, cursor)));
            Assert.StartsWith("HTTP/1.1 101 ", await opened.ReadHeadAsync(), StringComparison.Ordinal);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>The head of the request that <see cref="OpenAsync"/> sends.</summary>
    public static string Request(string path, string token, string? cursor = null) => RawConnection.UpgradeRequest(
        cursor is null ? path : $"{path}?cursor={cursor}", extra: $"Sec-WebSocket-Protocol: replyx.v1, replyx.token.{token}\r\n");

    /// <summary>Connects and takes <c>connected</c>.</summary>
    public static async Task<FrameSocket> OpenAndGreetAsync(Uri node, string path, string token, string? cursor = null, int? receiveBuffer = null)
    {
        var socket = await OpenAsync(node, path, token, cursor, receiveBuffer);
        try
        {
            var first = await socket.ReadAsync("connected");
            Assert.Contains("\"type\":\"connected\"", first?.Text ?? "the end", StringComparison.Ordinal);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, TestTimeout.Token())..];
        }
    }

    /// <summary>Sends what may find the connection ended.</summary>
    /// <returns>Whether all of it was taken.</returns>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await SendAsync(bytes);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Sends the same bytes on and on, on a thread of its own, until the connection ends.</summary>
    /// <returns>How many bytes were taken.</returns>
    public Task<long> FloodAsync(byte[] block) => Task.Factory.StartNew(
        () =>
        {
            var taken = 0L;
            try
            {
                while (true)
                {
                    taken += _socket.Send(block);
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return taken;
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>The next frame; null if the node ended TCP in good order. A reset is an exception.</summary>
    public async Task<ServerFrame?> ReadAsync(string what, TimeSpan? limit = null)
    {
        var header = new byte[2];
        if (!await TryFillAsync(header, what, limit))
        {
            return null;
        }

        var length = header[1] & 0x7F;
        if (length == 126)
        {
            var extended = new byte[2];
            await FillAsync(extended, what, limit);
            length = BinaryPrimitives.ReadUInt16BigEndian(extended);
        }
        else if (length == 127)
        {
            var extended = new byte[8];
            await FillAsync(extended, what, limit);
            length = checked((int)BinaryPrimitives.ReadInt64BigEndian(extended));
        }

        var payload = new byte[length];
        await FillAsync(payload, what, limit);
        return new ServerFrame(header[0] & 0x0F, payload);
    }

    /// <summary>Every frame until TCP ends, in whichever way.</summary>
    public async Task<List<ServerFrame>> ReadToEndAsync(TimeSpan? limit = null)
    {
        List<ServerFrame> frames = [];
        try
        {
            while (await ReadAsync("the end of the connection", limit) is { } frame)
            {
                frames.Add(frame);
            }
        }
        catch (Exception exception) when (exception is SocketException or EndOfStreamException)
        {
            // Reset, or cut amid a frame.
        }

        return frames;
    }

    /// <summary>Ends it by a reset, as a process that dies does.</summary>
    public void Abort()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    private async Task<string> ReadHeadAsync()
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await TryFillAsync(one, $"an answer, after \"{text}\"", null))
        {
            text.Append((char)one[0]);
        }

        return text.ToString();
    }

    private async Task FillAsync(Memory<byte> buffer, string what, TimeSpan? limit)
    {
        if (!await TryFillAsync(buffer, what, limit))
        {
            throw new EndOfStreamException($"Ended amid a frame, waiting for {what}.");
        }
    }

    // False at the end of what is sent, if nothing came before it.
    private async Task<bool> TryFillAsync(Memory<byte> buffer, string what, TimeSpan? limit)
    {
        var filled = 0;
        while (filled < buffer.Length)
        {
            var count = await _socket.ReceiveAsync(buffer[filled..], TestContext.Current.CancellationToken).AsTask().Within(what, limit);
            if (count == 0)
            {
                return filled == 0 ? false : throw new EndOfStreamException($"Ended amid a frame, waiting for {what}.");
            }

            filled += count;
        }

        return true;
    }
}
