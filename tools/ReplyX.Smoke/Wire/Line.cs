using System.Net;
using System.Net.Sockets;

namespace ReplyX.Smoke.Wire;

/// <summary>The way to an address, which may be cut and held up: so that it is known what a socket missed when it comes back.</summary>
internal sealed class Line : IDisposable
{
    private readonly DnsEndPoint? _instead;
    private readonly Lock _lock = new();
    private readonly HashSet<Socket> _open = [];
    private readonly SocketsHttpHandler _handler;
    private Task _gate = Task.CompletedTask;
    private TaskCompletionSource? _held;

    /// <summary>Makes a line.</summary>
    /// <param name="instead">Where to connect to; null for the address's own host. Names in certificates stay the address's.</param>
    public Line(DnsEndPoint? instead)
    {
        _instead = instead;

        // No proxy: it is not what visitors go through.
        _handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ConnectCallback = ConnectAsync };
        Invoker = new HttpMessageInvoker(_handler, disposeHandler: false);
    }

    /// <summary>What opens sockets over this line.</summary>
    public HttpMessageInvoker Invoker { get; }

    /// <summary>A client over this line.</summary>
    public HttpClient ToClient(Uri address, TimeSpan timeout) => new(_handler, disposeHandler: false) { BaseAddress = address, Timeout = timeout };

    /// <summary>Lets nobody through from now on, and resets the connections that there are, as a network that goes away does.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _gate = _held.Task;
            foreach (var socket in _open)
            {
                // Nothing more is sent, a farewell neither.
                socket.LingerState = new LingerOption(true, 0);
                socket.Close();
            }

            _open.Clear();
        }
    }

    /// <summary>Lets everybody through again.</summary>
    public void Mend() => _held?.TrySetResult();

    public void Dispose()
    {
        Mend();
        Invoker.Dispose();
        _handler.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(_instead ?? context.DnsEndPoint, cancellationToken);
            lock (_lock)
            {
                _open.Add(socket);
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
