using System.Diagnostics;

namespace ReplyX.Bench.Load;

/// <summary>
/// The load generator's one thread: all connections of a measurement, their senders and its clock. Everything in this folder is called
/// on it alone.
/// </summary>
internal sealed class LoadLoop : IDisposable
{
    private static readonly TimeSpan _longestWait = TimeSpan.FromMilliseconds(50);

    private readonly Epoll _epoll = new();
    private TcpConnection?[] _connections = new TcpConnection?[1024];

    /// <summary>Where every connection receives; its content is nobody's after the call that was given it.</summary>
    public byte[] ReceiveBuffer { get; } = GC.AllocateUninitializedArray<byte>(1 << 20, pinned: true);

    /// <summary>What went wrong on a connection, if anything did.</summary>
    public string? Failure { get; private set; }

    public void Fail(string failure) => Failure ??= failure;

    public void Register(TcpConnection connection, int descriptor, uint interest)
    {
        if (descriptor >= _connections.Length)
        {
            Array.Resize(ref _connections, Math.Max(descriptor + 1, _connections.Length * 2));
        }

        _connections[descriptor] = connection;
        _epoll.Add(descriptor, interest);
    }

    public void ChangeInterest(int descriptor, uint interest) => _epoll.Modify(descriptor, interest);

    public void Unregister(int descriptor)
    {
        _connections[descriptor] = null;
        _epoll.Remove(descriptor);
    }

    /// <summary>Serves what is ready, and waits for it no longer than given.</summary>
    public void Turn(TimeSpan atMost)
    {
        var count = _epoll.Wait(atMost < _longestWait ? atMost : _longestWait);
        for (var i = 0; i < count; i++)
        {
            var (descriptor, events) = _epoll.Ready(i);

            // Closed by what an earlier event of the same turn led to.
            _connections[descriptor]?.OnReady(events);
        }
    }

    /// <summary>Serves until something is so.</summary>
    /// <returns>Whether it became so in time.</returns>
    /// <exception cref="BenchException">A connection failed.</exception>
    public bool RunUntil(Func<bool> isSo, TimeSpan limit, Action? eachTurn = null)
    {
        var end = Stopwatch.GetTimestamp() + (long)(limit.TotalSeconds * Stopwatch.Frequency);
        while (!isSo())
        {
            if (Stopwatch.GetTimestamp() >= end)
            {
                return false;
            }

            Turn(_longestWait);
            eachTurn?.Invoke();
            ThrowIfFailed();
        }

        return true;
    }

    /// <summary>Serves for a while.</summary>
    public void RunFor(TimeSpan time, Action? eachTurn = null) => RunUntil(static () => false, time, eachTurn);

    public void ThrowIfFailed()
    {
        if (Failure is { } failure)
        {
            throw new BenchException(failure);
        }
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection?.Close();
        }

        _epoll.Dispose();
    }
}
