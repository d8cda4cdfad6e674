using ReplyX.Messaging.Redis;
using ReplyX.Realtime.Admission;
using ReplyX.Realtime.Connections;
using ReplyX.Realtime.Delivery;
using ReplyX.Realtime.Draining;
using ReplyX.Realtime.Limits;
using ReplyX.Realtime.Telemetry;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Upgrades;

/// <summary>From the request for a socket to the open socket, which then belongs to the loop of its dialog.</summary>
internal sealed class SocketHandler(
    Gatekeeper gatekeeper, DeliveryLoops loops, ConnectionLimits limits, DrainState drain, RealtimeMetrics metrics)
{
    private const int RetryAfterSeconds = 1;

    /// <summary>Serves a request. Completes when it is answered.</summary>
    public async Task HandleAsync(IUpgrade upgrade)
    {
        try
        {
            metrics.Decided(upgrade.Route.Kind, await ConnectAsync(upgrade));
        }
        catch (Exception exception) when (exception is IOException || (exception is OperationCanceledException && upgrade.IsFinal))
        {
            metrics.Decided(upgrade.Route.Kind, ConnectOutcome.Aborted);
            throw;
        }
        catch (Exception) when (upgrade.IsFinal)
        {
            metrics.Refused(ConnectionError.Internal);
            metrics.Decided(upgrade.Route.Kind, ConnectOutcome.Unavailable);
            throw;
        }
    }

    private async Task<ConnectOutcome> ConnectAsync(IUpgrade upgrade)
    {
        // What can be refused before the upgrade is: accepting costs.
        if (Refuse(upgrade) is { } refusal)
        {
            return await RefuseAsync(upgrade, refusal);
        }

        AdmissionResult admission;
        try
        {
            admission = await upgrade.WithinSpanAsync(() => gatekeeper.AdmitAsync(
                upgrade.Route, upgrade.DialogId, upgrade.Credential.Token, upgrade.Origin, upgrade.Aborted));
        }
        catch (MessagingUnavailableException)
        {
            return await RefuseAsync(upgrade, SocketProblem.BackplaneUnavailable(RetryAfterSeconds));
        }
        catch (OperationCanceledException)
        {
            return ConnectOutcome.Aborted;
        }

        if (admission.Peer is not { } peer)
        {
            return await SayNoAsync(upgrade, admission.Refusal, admission.Error);
        }

        return limits.TryEnter(peer, upgrade.Address) switch
        {
            Limit.None => await OpenAsync(upgrade, peer),
            Limit.Principal => await SayNoAsync(upgrade, CloseCode.TryAgainLater, ConnectionError.LimitPrincipal),
            Limit.Dialog => await SayNoAsync(upgrade, CloseCode.TryAgainLater, ConnectionError.LimitDialog),
            Limit.Address => await RefuseAsync(upgrade, SocketProblem.AddressFull(RetryAfterSeconds)),
            Limit.Pool => await RefuseAsync(upgrade, SocketProblem.PoolFull(RetryAfterSeconds)),
            _ => await RefuseAsync(upgrade, SocketProblem.NodeFull(RetryAfterSeconds)),
        };
    }

    private SocketProblem? Refuse(IUpgrade upgrade) => upgrade.Status switch
    {
        HandshakeStatus.NotAnUpgrade or HandshakeStatus.UnsupportedVersion => SocketProblem.UpgradeRequired,
        HandshakeStatus.BadKey => SocketProblem.BadHandshake,
        _ when drain.IsDraining => SocketProblem.Draining(RetryAfterSeconds),
        _ when !limits.TryConnect(upgrade.Address) => SocketProblem.ConnectRate(RetryAfterSeconds),
        _ => null,
    };

    private async Task<ConnectOutcome> RefuseAsync(IUpgrade upgrade, SocketProblem problem)
    {
        metrics.Refused(problem.Error);
        await upgrade.RefuseAsync(problem);
        return problem.IsOurs ? ConnectOutcome.Unavailable : ConnectOutcome.Rejected;
    }

    // On the loop, as far as nothing waits: every change of threads costs as much as a handshake's own work.
    private async Task<ConnectOutcome> OpenAsync(IUpgrade upgrade, Peer peer)
    {
        var loop = loops.Of(peer.Stream);
        var connection = new SocketConnection(peer, loop, upgrade.Address);
        try
        {
            await loop;
            if (!await connection.JoinAsync().WaitAsync(upgrade.Aborted))
            {
                loop.Post(connection.Cut);
                return await RefuseAsync(upgrade, SocketProblem.BackplaneUnavailable(RetryAfterSeconds));
            }

            var transport = await upgrade.AcceptAsync(loop);
            await loop;
            connection.Open(transport, upgrade.Cursor);
        }
        catch (OperationCanceledException)
        {
            loop.Post(connection.Cut);
            return ConnectOutcome.Aborted;
        }
        catch
        {
            loop.Post(connection.Cut);
            throw;
        }

        // From here on a drain and a change of credentials find it; what began between its admission and now has not.
        if (drain.IsDraining)
        {
            Drainer.SendAway(connection);
        }
        else if (await FindRevocationMeanwhileAsync(peer) is { } code)
        {
            await loop;
            connection.Close(code, "The credential was taken back.");
        }

        return ConnectOutcome.Accepted;
    }

    // A browser sees no status of a refused upgrade, so who may not in is told by a close code.
    private async Task<ConnectOutcome> SayNoAsync(IUpgrade upgrade, CloseCode code, ConnectionError error)
    {
        metrics.Refused(error);
        var loop = loops.Next();
        var transport = await upgrade.AcceptAsync(loop);
        var connection = new SocketConnection(new Peer(upgrade.Route, default, "", "", null, default), loop);
        await loop;
        try
        {
            connection.Open(transport, cursor: null);
            connection.Close(code, error.Label());
            return ConnectOutcome.Rejected;
        }
        catch
        {
            connection.Cut();
            throw;
        }
    }

    private async Task<CloseCode?> FindRevocationMeanwhileAsync(Peer peer)
    {
        try
        {
            return await gatekeeper.FindRevocationAsync(peer, CancellationToken.None);
        }
        catch (MessagingUnavailableException)
        {
            return null;
        }
    }
}
