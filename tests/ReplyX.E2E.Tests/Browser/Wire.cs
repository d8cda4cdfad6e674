using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ReplyX.E2E.Tests.Browser;

/// <summary>The network between the browser and the sockets: a TCP proxy that can be cut.</summary>
public sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<TcpClient, bool> _open = new();
    private readonly Uri _target;
    private readonly Task _accepting;
    private volatile bool _isDown;

    public Wire(Uri target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Cuts all connections with a reset, as a lost network does in the end, and refuses new ones until <see cref="Mend"/>.</summary>
    public void Break()
    {
        _isDown = true;
        Cut();
    }

    /// <summary>Cuts all connections; new ones are served.</summary>
    public void Cut()
    {
        foreach (var client in _open.Keys)
        {
            Reset(client);
        }
    }

    public void Mend() => _isDown = false;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private static void Reset(TcpClient client)
    {
        try
        {
            client.Client.Close(0);
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself.
        }
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                if (_isDown)
                {
                    Reset(client);
                }
                else
                {
                    connections.Add(ServeAsync(client));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            _open[client] = true;
            try
            {
                await server.ConnectAsync(_target.Host, _target.Port, _stop.Token);
                client.NoDelay = server.NoDelay = true;
                var (near, far) = (client.GetStream(), server.GetStream());
                await Task.WhenAny(near.CopyToAsync(far, _stop.Token), far.CopyToAsync(near, _stop.Token));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // Either side left.
            }
            finally
            {
                _open.TryRemove(client, out _);
            }
        }
    }
}
