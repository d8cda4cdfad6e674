using System.Net;
using ReplyX.Realtime.Admission;
using ReplyX.Realtime.Delivery;
using ReplyX.Realtime.Routes;
using ReplyX.Realtime.Transport;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Upgrades;

/// <summary>A request for a socket (RFC 6455 section 4.1) that is not answered yet, whichever way it came.</summary>
internal interface IUpgrade
{
    /// <summary>Whether it is one that can be accepted.</summary>
    HandshakeStatus Status { get; }

    SocketRoute Route { get; }

    /// <summary>The dialog's id in the path; null on a path without one.</summary>
    string? DialogId { get; }

    string? Origin { get; }

    SocketCredential Credential { get; }

    /// <summary>Where the client stands; null if it says nothing.</summary>
    string? Cursor { get; }

    /// <summary>The address that limits count it under.</summary>
    IPAddress Address { get; }

    /// <summary>Whether the client is gone, as far as this way sees that.</summary>
    CancellationToken Aborted { get; }

    /// <summary>Whether an exception ends it. Otherwise the server gets it and begins anew.</summary>
    bool IsFinal { get; }

    /// <summary>Does something beneath the request's span.</summary>
    Task<T> WithinSpanAsync<T>(Func<Task<T>> action);

    /// <summary>Answers it with a problem in place of the socket.</summary>
    Task RefuseAsync(SocketProblem problem);

    /// <summary>Accepts it.</summary>
    /// <param name="loop">Who will own the connection.</param>
    /// <returns>The connection's bytes.</returns>
    Task<ByteTransport> AcceptAsync(DeliveryLoop loop);
}
