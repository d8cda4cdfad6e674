using Microsoft.Extensions.Options;
using ReplyX.Messaging.Redis;
using ReplyX.Realtime.Admission;
using ReplyX.Realtime.Draining;
using ReplyX.Realtime.Limits;
using ReplyX.Realtime.Routes;
using ReplyX.Realtime.Streams;
using ReplyX.Realtime.Telemetry;
using ReplyX.Realtime.WebSockets;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Realtime.Connections;

/// <summary>A socket's life from the request to the end.</summary>
internal sealed partial class SocketHandler(
    Gatekeeper gatekeeper,
    EventStreams streams,
    ConnectionTable connections,
    SessionFactory sessions,
    ConnectionLimits limits,
    DrainState drain,
    RealtimeMetrics metrics,
    IOptions<RealtimeOptions> options,
    IOptions<LimitOptions> limitOptions,
    TimeProvider time,
    ILogger<SocketHandler> logger)
{
    private const int RetryAfterSeconds = 1;

    public async Task HandleAsync(HttpContext context, SocketRoute route)
    {
        // What can be refused before the upgrade is: accepting costs.
        if (Refuse(context) is { } refusal)
        {
            metrics.Refused(refusal.Error);
            await refusal.WriteAsync(context);
            return;
        }

        var credential = SocketCredential.Of(context.Request);
        AdmissionResult admission;
        EventStream? stream = null;
        try
        {
            admission = await HandshakeSpan.WithinAsync(context, () => gatekeeper.AdmitAsync(
                route, (string?)context.Request.RouteValues["id"], credential.Token, Origin(context.Request), context.RequestAborted));
            if (admission.Peer is not null)
            {
                stream = await streams.AcquireAsync(admission.Peer.Stream, context.RequestAborted);
            }
        }
        catch (MessagingUnavailableException)
        {
            metrics.Refused(ConnectionError.BackplaneUnavailable);
            await SocketProblem.BackplaneUnavailable(RetryAfterSeconds).WriteAsync(context);
            return;
        }
        catch (OperationCanceledException)
        {
            return;
        }

        var address = ClientAddress.Of(context);
        var entered = false;
        try
        {
            if (admission.Peer is { } peer)
            {
                var limit = limits.TryEnter(peer, address);
                entered = limit == Limit.None;
                switch (limit)
                {
                    case Limit.Principal:
                        admission = AdmissionResult.Refused(CloseCode.TryAgainLater, ConnectionError.LimitPrincipal);
                        break;
                    case Limit.Dialog:
                        admission = AdmissionResult.Refused(CloseCode.TryAgainLater, ConnectionError.LimitDialog);
                        break;
                    case Limit.Address or Limit.Pool or Limit.Node:
                        await RefuseAsync(context, limit);
                        return;
                }
            }

            await ServeAsync(context, route, credential, admission, stream);
        }
        finally
        {
            if (entered)
            {
                limits.Leave(admission.Peer!, address);
            }

            if (stream is not null)
            {
                await streams.ReleaseAsync(stream);
            }
        }
    }

    private Task RefuseAsync(HttpContext context, Limit limit)
    {
        var problem = limit switch
        {
            Limit.Address => SocketProblem.AddressFull(RetryAfterSeconds),
            Limit.Pool => SocketProblem.PoolFull(RetryAfterSeconds),
            _ => SocketProblem.NodeFull(RetryAfterSeconds),
        };
        metrics.Refused(problem.Error);
        return problem.WriteAsync(context);
    }

    private SocketProblem? Refuse(HttpContext context) => Handshake.Check(context) switch
    {
        HandshakeStatus.NotAnUpgrade or HandshakeStatus.UnsupportedVersion => SocketProblem.UpgradeRequired,
        HandshakeStatus.BadKey => SocketProblem.BadHandshake,
        _ when drain.IsDraining => SocketProblem.Draining(RetryAfterSeconds),
        _ when !limits.TryKnock(ClientAddress.Of(context)) => SocketProblem.ConnectRate(RetryAfterSeconds),
        _ => null,
    };

    private async Task ServeAsync(
        HttpContext context, SocketRoute route, SocketCredential credential, AdmissionResult admission, EventStream? stream)
    {
        // A browser sees no status of a refused upgrade, so who may not in is told by a close code.
        var upgraded = await Handshake.AcceptAsync(context, credential.Subprotocol);
        var peer = admission.Peer ?? new Peer(route, default, "", "", null, default);
        await using var connection = new Connection(
            peer, upgraded, context.Abort, options.Value, limitOptions.Value, metrics, time);
        if (admission.Peer is null || stream is null)
        {
            metrics.Refused(admission.Error);
            connection.Close(admission.Refusal, admission.Error.Label());
            await connection.RunAsync((_, _) => Task.CompletedTask, (_, _, _) => Task.CompletedTask);
            return;
        }

        connections.Add(connection);
        try
        {
            if (drain.IsDraining)
            {
                // It began between the check and the upgrade, and has perhaps closed all it knew.
                connection.Close(CloseCode.ServiceRestart, "The node is stopping.");
            }

            if (await IsRevokedMeanwhileAsync(peer, context.RequestAborted))
            {
                connection.Close(CloseCode.AuthenticationFailed, "The credential was taken back.");
            }

            var session = sessions.Create(connection, stream, (string?)context.Request.Query["cursor"]);
            await connection.RunAsync(session.ReplayAsync, session.ReceiveAsync);
        }
        catch (Exception exception)
        {
            metrics.Refused(ConnectionError.Internal);
            Log.SessionFailed(logger, exception, connection.IdText, peer.Stream.ToString());
        }
        finally
        {
            stream.Leave(connection);
            connections.Remove(connection);
        }
    }

    // From here on a change of credentials finds this socket; one between its admission and now has not.
    private async Task<bool> IsRevokedMeanwhileAsync(Peer peer, CancellationToken cancellationToken)
    {
        try
        {
            return await gatekeeper.IsRevokedAsync(peer, cancellationToken);
        }
        catch (Exception exception) when (exception is MessagingUnavailableException or OperationCanceledException)
        {
            return false;
        }
    }

    // Several would be a forgery; joined they match nothing.
    private static string? Origin(HttpRequest request) => request.Headers.Origin.Count == 0 ? null : request.Headers.Origin.ToString();

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Socket {Connection} on {Stream} failed")]
        public static partial void SessionFailed(ILogger logger, Exception exception, string connection, string stream);
    }
}
