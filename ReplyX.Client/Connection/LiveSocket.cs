using System.Buffers;
using System.Net.WebSockets;

namespace ReplyX.Client;

/// <summary>An open socket: one reader, any number of senders. Its end is a value, not an exception.</summary>
internal sealed class LiveSocket(ClientWebSocket socket, ReplyXConnectionOptions options) : IDisposable
{
    private const int InitialBuffer = 4096;

    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly TaskCompletionSource _greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBuffer);
    private SocketOutcome? _abortOutcome;
    private long _lastReceived = options.TimeProvider.GetTimestamp();

    /// <summary>Completes when the server has sent its <c>connected</c> frame.</summary>
    internal Task Greeted => _greeted.Task;

    /// <summary>When that was; null before.</summary>
    internal long? GreetedAt { get; private set; }

    internal TimeSpan HeartbeatInterval { get; private set; } = options.HeartbeatInterval;

    /// <summary>When anything last came in.</summary>
    internal long LastReceived => Volatile.Read(ref _lastReceived);

    /// <summary>Whether this side is not reading now, so that silence does not mean that the server is gone.</summary>
    internal bool IsBusy { get; private set; }

    /// <summary>How long the server wants a client to stay away once it closes.</summary>
    internal TimeSpan? ReconnectHint { get; set; }

    internal void SetGreeted(double? heartbeatSeconds)
    {
        if (heartbeatSeconds is > 0 && heartbeatSeconds < HeartbeatInterval.TotalSeconds)
        {
            HeartbeatInterval = TimeSpan.FromSeconds(heartbeatSeconds.Value);
        }

        GreetedAt = options.TimeProvider.GetTimestamp();
        _greeted.TrySetResult();
    }

    /// <summary>Sets <see cref="IsBusy"/>.</summary>
    internal void SetBusy(bool busy)
    {
        Touch();
        IsBusy = busy;
    }

    /// <summary>Aborts the socket. The reader returns the first outcome that was given.</summary>
    internal void Abort(SocketOutcome outcome)
    {
        if (Interlocked.CompareExchange(ref _abortOutcome, outcome, null) is null)
        {
            socket.Abort();
        }
    }

    /// <summary>Reads the next text frame. The bytes are valid until the next call.</summary>
    internal async ValueTask<SocketRead> ReceiveAsync(CancellationToken cancellationToken)
    {
        var length = 0;
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(_buffer.AsMemory(length), cancellationToken);
                Touch();
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    await AnswerCloseAsync();
                    return Ended(SocketOutcome.Closed((int?)socket.CloseStatus, ReconnectHint));
                }

                length += part.Count;
                if (part.EndOfMessage)
                {
                    if (part.MessageType == WebSocketMessageType.Text)
                    {
                        return new SocketRead(_buffer.AsMemory(0, length), null);
                    }

                    length = 0; // Binary frames are ignored.
                }
                else if (length >= options.MaxFrameBytes)
                {
                    return Ended(new SocketOutcome("a frame was longer than this side accepts"));
                }
                else if (length == _buffer.Length)
                {
                    Grow(length);
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            return Ended(new SocketOutcome("the connection broke off") { RetryAfter = ReconnectHint });
        }
    }

    /// <summary>Sends a text frame.</summary>
    /// <returns>Whether it was sent. If not, the socket has ended and the reader reports the reason.</returns>
    internal async Task<bool> SendAsync(ReadOnlyMemory<byte> text)
    {
        await _sending.WaitAsync();
        try
        {
            // Not cancellable, since cancelling a write aborts the socket. A write that hangs ends when the silence limit aborts the socket.
            await socket.SendAsync(text, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, CancellationToken.None);
            return true;
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            return false;
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Sends a close frame. The reader goes on until the server has answered it.</summary>
    internal async Task CloseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            socket.Abort();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        socket.Dispose();
        ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _buffer, []));
    }

    private void Touch() => Volatile.Write(ref _lastReceived, options.TimeProvider.GetTimestamp());

    private SocketRead Ended(SocketOutcome outcome) => new(default, Volatile.Read(ref _abortOutcome) ?? outcome);

    private async Task AnswerCloseAsync()
    {
        using var limit = new CancellationTokenSource(options.CloseTimeout, options.TimeProvider);
        if (socket.State == WebSocketState.CloseReceived)
        {
            await CloseAsync(limit.Token);
        }
    }

    private void Grow(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _buffer, larger));
    }
}
