using System.Net;
using System.Net.Sockets;

namespace ReplyX.Recorder.Cluster;

/// <summary>
/// A TCP proxy that takes a random backend for each connection, passes over dead ones, and can cut connections as a failing network
/// does. It knows nothing of HTTP: a node that drains is among the backends until it stops listening.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private const int BufferSize = 8 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IReadOnlyList<int> _backends;
    private readonly CancellationTokenSource _stopped = new();
    private readonly Lock _lock = new();
    private readonly List<Pair> _pairs = [];
    private readonly Task _accepting;

    public FaultProxy(params IReadOnlyList<int> backends)
    {
        _backends = backends;
        _listener.Start(backlog: 1024);
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Connections cut so far.</summary>
    public int Cuts { get; private set; }

    /// <summary>Resets some connections, drawn at random, towards both sides.</summary>
    /// <returns>How many there were to cut.</returns>
    public int Cut(Random random, double share = 0)
    {
        Pair[] chosen;
        lock (_lock)
        {
            var all = _pairs.ToArray();
            random.Shuffle(all);
            chosen = all[..Math.Min(all.Length, Math.Max(1, (int)(all.Length * share)))];
            Cuts += chosen.Length;
        }

        foreach (var pair in chosen)
        {
            pair.Reset();
        }

        return chosen.Length;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _listener.Stop();
        await _accepting;
        lock (_lock)
        {
            _pairs.ForEach(pair => pair.Reset());
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var client = await _listener.AcceptSocketAsync(_stopped.Token);
                _ = ServeAsync(client);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                if (_stopped.IsCancellationRequested)
                {
                    return;
                }
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        client.NoDelay = true;
        if (await ConnectAsync() is not { } server)
        {
            Pair.Reset(client);
            return;
        }

        var pair = new Pair(client, server);
        lock (_lock)
        {
            _pairs.Add(pair);
        }

        try
        {
            await Task.WhenAll(PumpAsync(client, server), PumpAsync(server, client));
            client.Dispose();
            server.Dispose();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            pair.Reset();
        }
        finally
        {
            lock (_lock)
            {
                _pairs.Remove(pair);
            }
        }
    }

    private async Task<Socket?> ConnectAsync()
    {
        var order = _backends.ToArray();
        Random.Shared.Shuffle(order);
        foreach (var port in order)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return socket;
            }
            catch (SocketException)
            {
                socket.Dispose();
            }
        }

        return null;
    }

    /// <summary>Passes on what comes, and the end of it. A reset of one side ends both at once.</summary>
    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[BufferSize];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0)
            {
                for (var sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Pair.Reset(from);
            Pair.Reset(to);
            throw;
        }
    }

    private sealed record Pair(Socket Client, Socket Server)
    {
        public void Reset()
        {
            Reset(Client);
            Reset(Server);
        }

        public static void Reset(Socket socket)
        {
            try
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Gone already.
            }

            socket.Dispose();
        }
    }
}
