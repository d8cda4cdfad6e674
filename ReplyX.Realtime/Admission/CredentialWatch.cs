using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Redis;
using ReplyX.Realtime.Connections;

namespace ReplyX.Realtime.Admission;

/// <summary>
/// Closes sockets whose credential was taken back, within two seconds of it: a publish says so at once, and polling each second
/// says so when the publish was lost. Only the sockets of the account that changed are looked at. While Redis does not answer
/// this pauses, and the node's health says so.
/// </summary>
internal sealed partial class CredentialWatch(
    CredentialChanges changes, ConnectionTable connections, Gatekeeper gatekeeper, TimeProvider time, ILogger<CredentialWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _changed = new(0, 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var subscribed = false;
        long? seen = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!subscribed)
                {
                    await changes.SubscribeAsync(OnChange, stoppingToken);
                    subscribed = true;
                }

                // Read before the check, so that a change amid it is seen by the next round.
                var changed = await changes.PollAsync(seen, stoppingToken);
                if (changed.Version != seen)
                {
                    await CheckAsync(changed, stoppingToken);
                    seen = changed.Version;
                }
            }
            catch (MessagingUnavailableException)
            {
                // The next round asks from the same version, and nothing is taken for checked that was not.
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // A record that cannot be read must not stop the node.
                Log.NotChecked(logger, exception);
            }

            await WaitAsync(stoppingToken);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _changed.Dispose();
    }

    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        using var tick = new CancellationTokenSource(_interval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tick.Token, stoppingToken);
        await _changed.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void OnChange()
    {
        try
        {
            _changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // A round is due already.
        }
    }

    private async Task CheckAsync(ChangedAccounts changed, CancellationToken cancellationToken)
    {
        var concerned = connections.All.Where(connection => changed.Contain(connection.Peer.Stream.Account));
        var groups = concerned.GroupBy(connection =>
            (connection.Peer.Stream.Account,
                connection.Peer.Route.Kind,
                connection.Peer.Site,
                Operator: connection.Peer.OperatorId,
                connection.Peer.Generation));
        foreach (var group in groups)
        {
            if (await gatekeeper.FindRevocationAsync(group.First().Peer, cancellationToken) is not { } code)
            {
                continue;
            }

            var closed = 0;
            foreach (var connection in group)
            {
                connection.Loop.Post(() => connection.Close(code, "The credential was taken back.", drop: true));
                closed++;
            }

            Log.Revoked(logger, closed, group.Key.Account);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Credentials could not be checked; the next round tries again")]
        public static partial void NotChecked(ILogger logger, Exception exception);

        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Closed {Sockets} sockets of account {Account}: their credential was taken back")]
        public static partial void Revoked(ILogger logger, int sockets, string account);
    }
}
