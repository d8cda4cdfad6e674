using System.Buffers;

namespace ReplyX.Realtime.Transport;

/// <summary>
/// A connection behind a stream: one that Kestrel upgraded, or is encrypted in the process, or on a system where loops own no
/// descriptors. Reads and writes run on the thread pool, and their results come to the loop.
/// </summary>
/// <param name="loop">The loop.</param>
/// <param name="stream">The stream; disposed with this.</param>
/// <param name="abort">Cuts what the stream belongs to, with whatever it still had to write.</param>
internal sealed class StreamTransport(EventLoop loop, Stream stream, Action? abort = null) : ByteTransport, IDisposable
{
    private const int ReadBytes = 16 * 1024;
    private const int WriteBytes = 64 * 1024;

    // What was taken is still to be written when the loop closes, and must not be waited for without end.
    private static readonly TimeSpan _lastWrite = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenSource _cut = new();
    private readonly SemaphoreSlim _mayRead = new(0);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITransportListener? _listener;
    private Task _write = Task.CompletedTask;
    private byte[]? _received;
    private int _receivedFrom;
    private int _receivedTo;
    private bool _isWriting;
    private bool _isWaitingForRoom;
    private bool _isPaused;
    private bool _isGone;

    /// <summary>Completes when it is closed and all that was taken is written, or cut. For any thread.</summary>
    public Task Ended => _ended.Task;

    public override void Start(ITransportListener listener)
    {
        _listener = listener;
        _ = Task.Run(ReadAsync);
    }

    public override int Send(ReadOnlySpan<byte> bytes)
    {
        if (_isGone)
        {
            return Gone;
        }

        if (_isWriting)
        {
            _isWaitingForRoom = true;
            return 0;
        }

        var count = Math.Min(bytes.Length, WriteBytes);
        var copy = ArrayPool<byte>.Shared.Rent(count);
        bytes[..count].CopyTo(copy);
        _isWriting = true;
        _isWaitingForRoom = count < bytes.Length;
        _write = Task.Run(() => WriteAsync(copy, count));
        return count;
    }

    public override void Resume()
    {
        if (_isPaused)
        {
            _isPaused = false;
            Deliver();
        }
    }

    public override void Close()
    {
        if (_closed.IsCancellationRequested)
        {
            return;
        }

        _isGone = true;
        _listener = null;
        _closed.Cancel();
        if (_isWriting)
        {
            _cut.CancelAfter(_lastWrite);
        }

        End();
    }

    public void Dispose() => Close();

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                // Without a buffer first: an idle connection holds none.
                _ = await stream.ReadAsync(Memory<byte>.Empty, _closed.Token);
                var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
                var count = await stream.ReadAsync(buffer, _closed.Token);
                loop.Post(() => OnRead(buffer, count));
                if (count == 0)
                {
                    return;
                }

                await _mayRead.WaitAsync(_closed.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            loop.Post(OnEnded);
        }
    }

    private void OnRead(byte[] buffer, int count)
    {
        if (count == 0 || _listener is null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            OnEnded();
            return;
        }

        _received = buffer;
        _receivedFrom = 0;
        _receivedTo = count;
        Deliver();
    }

    // Hands over what was read, and reads on when all of it was taken.
    private void Deliver()
    {
        while (_received is not null && _listener is not null)
        {
            var target = _listener.ReceiveBuffer;
            var count = Math.Min(target.Length, _receivedTo - _receivedFrom);
            _received.AsSpan(_receivedFrom, count).CopyTo(target);
            _receivedFrom += count;
            if (_receivedFrom == _receivedTo)
            {
                ArrayPool<byte>.Shared.Return(_received);
                _received = null;
            }

            if (!_listener.OnReceived(count))
            {
                _isPaused = true;
                return;
            }
        }

        if (_listener is not null)
        {
            _mayRead.Release();
        }
    }

    private async Task WriteAsync(byte[] bytes, int count)
    {
        var written = false;
        try
        {
            await stream.WriteAsync(bytes.AsMemory(0, count), _cut.Token);
            await stream.FlushAsync(_cut.Token);
            written = true;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The other end is gone, which the loop is told.
        }

        ArrayPool<byte>.Shared.Return(bytes);
        loop.Post(() => OnWritten(written));
    }

    private void OnWritten(bool written)
    {
        _isWriting = false;
        if (_closed.IsCancellationRequested)
        {
            return;
        }

        if (!written)
        {
            OnEnded();
        }
        else if (_isWaitingForRoom)
        {
            _isWaitingForRoom = false;
            _listener?.OnWritable();
        }
    }

    private void OnEnded()
    {
        _isGone = true;
        _listener?.OnEnded();
    }

    // Not by way of the loop, which may have ended by then.
    private void End() => _ = Task.Run(async () =>
    {
        await _write.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            if (_cut.IsCancellationRequested)
            {
                abort?.Invoke();
            }

            await stream.DisposeAsync();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Ended all the same.
        }

        _cut.Dispose();
        _ended.SetResult();
    });
}
