using System.Diagnostics;
using System.Net;
using System.Runtime.Versioning;
using ReplyX.Realtime.Admission;
using ReplyX.Realtime.Delivery;
using ReplyX.Realtime.Routes;
using ReplyX.Realtime.Telemetry;
using ReplyX.Realtime.Transport;
using ReplyX.Realtime.Upgrades;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Listening;

/// <summary>
/// An upgrade that the server never sees: no state of HTTP is made for it, and the socket's descriptor goes from the listener to its
/// loop. Only an accepted one is answered here; any other answer is the server's, which gets the connection with its request untouched.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DirectUpgrade : IUpgrade
{
    private readonly SocketListener _listener;
    private readonly int _descriptor;
    private readonly IPAddress? _counted;
    private readonly UpgradeHead _head;
    private readonly Activity? _span;
    private bool _isAnswered;

    private DirectUpgrade(SocketListener listener, int descriptor, IPAddress remote, IPAddress? counted, UpgradeHead head)
    {
        _listener = listener;
        _descriptor = descriptor;
        _counted = counted;
        _head = head;
        Address = listener.Proxies.ClientOf(remote, head.ForwardedFor);
        Credential = SocketCredential.Of(head.Protocols, head.Tokens);
        _span = RealtimeTracing.StartHandshake(head.Route, head.DialogId, head.TraceParent, head.TraceState);
    }

    public HandshakeStatus Status => HandshakeStatus.Acceptable;

    public SocketRoute Route => _head.Route;

    public string? DialogId => _head.DialogId;

    // Several would be a forgery; joined they match nothing.
    public string? Origin => _head.Origin.Count == 0 ? null : _head.Origin.ToString();

    public SocketCredential Credential { get; }

    public string? Cursor => _head.Cursor;

    public IPAddress Address { get; }

    // Who goes while it is admitted is found gone when the answer is sent.
    public CancellationToken Aborted => CancellationToken.None;

    public bool IsFinal => _isAnswered;

    /// <summary>Serves an upgrade on the thread pool.</summary>
    public static void Start(SocketListener listener, int descriptor, IPAddress remote, IPAddress? counted, UpgradeHead head) =>
        _ = Task.Run(() => new DirectUpgrade(listener, descriptor, remote, counted, head).RunAsync());

    public async Task<T> WithinSpanAsync<T>(Func<Task<T>> action)
    {
        Activity.Current = _span;
        return await action();
    }

    public Task RefuseAsync(SocketProblem problem)
    {
        GiveToServer(problem);
        return Task.CompletedTask;
    }

    public Task<ByteTransport> AcceptAsync(DeliveryLoop loop)
    {
        Span<byte> bytes = stackalloc byte[UpgradeHead.MaxBytes];
        var taken = Epoll.Receive(_descriptor, bytes[.._head.Length]);
        var answer = Handshake.WriteSwitchingProtocols(bytes, _head.Key, Credential.Subprotocol);
        if (taken != _head.Length || Epoll.Send(_descriptor, answer) != answer.Length)
        {
            throw new IOException("The client is gone.");
        }

        _isAnswered = true;
        RealtimeTracing.EndHandshake(_span, StatusCodes.Status101SwitchingProtocols);
        return Task.FromResult<ByteTransport>(new DescriptorTransport(loop, _descriptor, _listener.Gate, _counted));
    }

    private async Task RunAsync()
    {
        try
        {
            await _listener.Handler.HandleAsync(this);
        }
        catch (IOException) when (!_isAnswered)
        {
            // Gone while it was admitted.
        }
        catch (Exception) when (!_isAnswered)
        {
            // The server comes to the same end, and knows how to tell it and whom.
            GiveToServer(problem: null);
        }
        catch (Exception exception)
        {
            _listener.OnFailed(exception);
        }
        finally
        {
            if (!_isAnswered)
            {
                _isAnswered = true;
                RealtimeTracing.DropHandshake(_span);
                _listener.Discard(_descriptor, _counted);
            }
        }
    }

    private void GiveToServer(SocketProblem? problem)
    {
        _isAnswered = true;
        RealtimeTracing.DropHandshake(_span);
        _listener.GiveToServer(_descriptor, _counted, problem);
    }
}
