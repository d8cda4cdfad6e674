using System.Globalization;
using ReplyX.Realtime.Telemetry;
using ReplyX.Realtime.WebSockets;
using ReplyX.ServiceDefaults.Problems;

namespace ReplyX.Realtime.Upgrades;

/// <summary>An answer in place of an upgrade: problem details (RFC 9457).</summary>
internal sealed record SocketProblem(int Status, ConnectionError Error, string Title, int? RetryAfterSeconds = null)
{
    public static readonly SocketProblem UpgradeRequired =
        new(StatusCodes.Status426UpgradeRequired, ConnectionError.UpgradeRequired, "This path speaks WebSocket, version 13.");

    public static readonly SocketProblem BadHandshake =
        new(StatusCodes.Status400BadRequest, ConnectionError.BadHandshake, "Sec-WebSocket-Key must be 16 bytes of base64.");

    public static SocketProblem Draining(int retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, ConnectionError.Draining, "This node is stopping; connect again.", retryAfter);

    public static SocketProblem NodeFull(int retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, ConnectionError.LimitNode, "This node has all the sockets it takes; connect again.", retryAfter);

    public static SocketProblem PoolFull(int retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, ConnectionError.LimitPool, "This node's pool has all the sockets it takes; connect again.", retryAfter);

    public static SocketProblem AddressFull(int retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, ConnectionError.LimitAddress, "Too many sockets from this address.", retryAfter);

    public static SocketProblem ConnectRate(int retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, ConnectionError.ConnectRate, "Too many connects from this address; slow down.", retryAfter);

    public static SocketProblem BackplaneUnavailable(int retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, ConnectionError.BackplaneUnavailable, "Messages cannot be reached now; connect again.", retryAfter);

    /// <summary>Whether the client has done nothing to deserve it.</summary>
    public bool IsOurs => Status == StatusCodes.Status503ServiceUnavailable;

    public Task WriteAsync(HttpContext context)
    {
        if (RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (Status == StatusCodes.Status426UpgradeRequired)
        {
            Handshake.WriteUpgradeRequired(context.Response);
        }

        return TypedResults.Problem(ProblemFormat.Create(Status, Error.Label(), Title)).ExecuteAsync(context);
    }
}
