using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Connections;

/// <summary>An answer in place of an upgrade: problem details (RFC 9457).</summary>
internal sealed record SocketProblem(int Status, string Code, string Title, int? RetryAfterSeconds = null)
{
    public static readonly SocketProblem UpgradeRequired =
        new(StatusCodes.Status426UpgradeRequired, "upgrade_required", "This path speaks WebSocket, version 13.");

    public static readonly SocketProblem BadHandshake =
        new(StatusCodes.Status400BadRequest, "bad_handshake", "Sec-WebSocket-Key must be 16 bytes of base64.");

    public static SocketProblem Draining(int retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, "draining", "This node is stopping; connect again.", retryAfter);

    public static SocketProblem NodeFull(int retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, "limit_node", "This node has all the sockets it takes; connect again.", retryAfter);

    public static SocketProblem PoolFull(int retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, "limit_pool", "This node's pool has all the sockets it takes; connect again.", retryAfter);

    public static SocketProblem AddressFull(int retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, "limit_address", "Too many sockets from this address.", retryAfter);

    public static SocketProblem ConnectRate(int retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, "connect_rate", "Too many connects from this address; slow down.", retryAfter);

    public static SocketProblem BackplaneUnavailable(int retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, "backplane_unavailable", "Messages cannot be reached now; connect again.", retryAfter);

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

        var problem = new ProblemDetails { Status = Status, Title = Title, Type = $"https://replyx.dev/problems/{Code}" };
        problem.Extensions["code"] = Code;
        return TypedResults.Problem(problem).ExecuteAsync(context);
    }
}
