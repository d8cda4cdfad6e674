using Microsoft.Extensions.Options;
using ReplyX.Realtime.Protocol;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Connections;

/// <summary>Once a second looks at every socket: is its peer alive, and does its token still live? One timer for all, not one each.</summary>
internal sealed class ConnectionSweep(ConnectionTable connections, IOptions<RealtimeOptions> options, TimeProvider time)
    : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = time.GetUtcNow();
            foreach (var connection in connections.All)
            {
                Look(connection, now);
            }
        }
    }

    private void Look(Connection connection, DateTimeOffset now)
    {
        var left = connection.Peer.ExpiresAt - now;
        if (connection.Silence > options.Value.SilenceTimeout)
        {
            connection.Close(CloseCode.GoingAway, "Nothing was heard for too long.");
        }
        else if (left <= TimeSpan.Zero)
        {
            connection.Close(CloseCode.TokenExpired, "The token ran out; reconnect with a fresh one.");
        }
        else if (left <= options.Value.TokenExpiryNotice && !connection.ExpiryAnnounced)
        {
            connection.ExpiryAnnounced = true;
            connection.Send(ServerFrames.TokenExpiring(connection.Peer.ExpiresAt));
        }
    }
}
