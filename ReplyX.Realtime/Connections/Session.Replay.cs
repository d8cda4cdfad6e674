using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Realtime.Protocol;
using ReplyX.Realtime.Telemetry;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Connections;

internal sealed partial class Session
{
    private const int PageSize = 256;

    private bool _saidRecovered;

    /// <summary>
    /// Writes <c>connected</c>, then what followed the client's cursor, page by page as the socket drains, and joins the live
    /// stream at the seam. From the moment of joining what is live waits in the queue; the rest up to there still comes from the
    /// log, so that nothing is missed and the queue never holds a replay.
    /// </summary>
    public async Task ReplayAsync(Connection socket, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            var outcome = await TryRecoverAsync(cancellationToken);
            if (outcome != "recovered")
            {
                var head = stream.Join(connection);
                connection.StartAfter(head.Seq);
                await connection.WriteReplayAsync([Connected(head, recovered: false)], cancellationToken);
            }

            if (cursor is not null)
            {
                metrics.Recovered(outcome, time.GetElapsedTime(started));
            }
        }
        catch (MessagingUnavailableException)
        {
            // The cursor stands where it stood: the client resumes on this node or another.
            metrics.Refused(ConnectionError.BackplaneUnavailable);
            connection.Close(CloseCode.ServiceRestart, "The log cannot be read now; resume from your cursor.", drop: true);
        }
    }

    private async Task<string> TryRecoverAsync(CancellationToken cancellationToken)
    {
        if (!Cursor.TryParse(cursor, out var after))
        {
            return "fresh";
        }

        try
        {
            return await RecoverAsync(after, cancellationToken);
        }
        catch (ArchiveDamagedException exception)
        {
            // What cannot be read cannot be replayed. The client is told so, and may still watch what comes.
            Log.ArchiveDamaged(logger, exception, stream.Key);
            if (_saidRecovered)
            {
                connection.Close(CloseCode.ServiceRestart, "The log cannot be read on; resume from your cursor.", drop: true);
                return "recovered";
            }

            return "lost";
        }
    }

    private async Task<string> RecoverAsync(Cursor after, CancellationToken cancellationToken)
    {
        var page = await log.ReadAfterAsync(stream.Key, after, PageSize, cancellationToken);
        if (!page.Held)
        {
            return "lost";
        }

        connection.StartAfter(after.Seq);
        _saidRecovered = true;
        await connection.WriteReplayAsync([Connected(after, recovered: true)], cancellationToken);

        Cursor? seam = null;
        while (!connection.IsClosing)
        {
            if (!page.Held)
            {
                connection.Close(CloseCode.ServiceRestart, "The log was replaced; reconnect.", drop: true);
                break;
            }

            if (page.Entries.Count > 0)
            {
                await connection.WriteReplayAsync([.. page.Entries.Select(OutboundFrame.Event)], cancellationToken);
                after = page.Entries[^1].Cursor;
            }

            if (seam is { } joined && after.Seq >= joined.Seq)
            {
                break;
            }

            // The end of the log is in sight: join, then fetch what came between the last page and the joining. Unless the two are
            // one event, the log is asked once more, nonce and all: were it rolled back meanwhile, numbers alone would not tell.
            if (!page.HasMore && seam is null)
            {
                seam = stream.Join(connection);
                if (after == seam)
                {
                    break;
                }
            }

            page = await log.ReadAfterAsync(stream.Key, after, PageSize, cancellationToken);
        }

        return "recovered";
    }

    private OutboundFrame Connected(Cursor at, bool recovered) => ServerFrames.Connected(
        stream.Key, at, recovered, node.Id, connection.IdText, options.HeartbeatInterval, time.GetUtcNow());

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "The archive of {Stream} is damaged; a socket could not resume")]
        public static partial void ArchiveDamaged(ILogger logger, Exception exception, StreamKey stream);
    }
}
