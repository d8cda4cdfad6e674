using System.Net;
using System.Runtime.CompilerServices;
using ReplyX.Realtime.Admission;
using ReplyX.Realtime.Delivery;
using ReplyX.Realtime.Routes;
using ReplyX.Realtime.Telemetry;
using ReplyX.Realtime.Transport;
using ReplyX.Realtime.WebSockets;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Realtime.Upgrades;

/// <summary>An upgrade that came through the HTTP server.</summary>
internal sealed class HttpUpgrade(HttpContext context, SocketRoute route) : IUpgrade
{
    public HandshakeStatus Status { get; } = Handshake.Check(context);

    public SocketRoute Route => route;

    public string? DialogId => (string?)context.Request.RouteValues["id"];

    // Several would be a forgery; joined they match nothing.
    public string? Origin => context.Request.Headers.Origin.Count == 0 ? null : context.Request.Headers.Origin.ToString();

    public SocketCredential Credential { get; } = SocketCredential.Of(
        context.Request.Headers.SecWebSocketProtocol, context.Request.Query["token"]);

    public string? Cursor => context.Request.Query["cursor"];

    public IPAddress Address { get; } = ClientAddress.Of(context);

    public CancellationToken Aborted => context.RequestAborted;

    public bool IsFinal => true;

    /// <summary>Completes when the request is over: the server takes its connection back from whoever returns.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    public Task<T> WithinSpanAsync<T>(Func<Task<T>> action) => HandshakeSpan.WithinAsync(context, action);

    public async Task RefuseAsync(SocketProblem problem)
    {
        await OffTheLoop();
        await problem.WriteAsync(context);
    }

    public async Task<ByteTransport> AcceptAsync(DeliveryLoop loop)
    {
        await OffTheLoop();
        var stream = await Handshake.AcceptAsync(context, Credential.Subprotocol);
        var transport = new StreamTransport(loop, stream, context.Abort);
        Ended = transport.Ended;
        return transport;
    }

    // The server writes its answers, and may wait: not on a loop.
    private static ConfiguredTaskAwaitable OffTheLoop() => Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
}
