using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Dialogs;

public sealed partial class DialogLog
{
    /// <summary>Reads what follows a position, provided that the log or the archive still holds the very event that the cursor names.</summary>
    /// <param name="stream">The dialog or feed.</param>
    /// <param name="after">The last event seen; <see cref="Cursor.Start"/> for all, as long as nothing was deleted.</param>
    /// <param name="most">The most events to return.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The page; not held if the event was deleted for its age, lost, or replaced by another one under the same number.</returns>
    public Task<LogPage> ReadAfterAsync(StreamKey stream, Cursor after, int most, CancellationToken cancellationToken) =>
        _reader.ReadPageAsync(stream, LogPosition.After(after), most, _options.MaxPageBytes, cancellationToken);

    /// <summary>Reads events by their numbers.</summary>
    /// <param name="stream">The dialog or feed.</param>
    /// <param name="from">The first number wanted.</param>
    /// <param name="most">The most events to return.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<LogPage> ReadFromAsync(StreamKey stream, long from, int most, CancellationToken cancellationToken) =>
        _reader.ReadPageAsync(stream, LogPosition.From(from), most, _options.MaxPageBytes, cancellationToken);

    /// <summary>Reads the events before a number. Where not all fit into the page it holds the newest of them.</summary>
    /// <param name="stream">The dialog or feed.</param>
    /// <param name="before">The number after the last one wanted.</param>
    /// <param name="most">The most events to return.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<LogPage> ReadBeforeAsync(StreamKey stream, long before, int most, CancellationToken cancellationToken) =>
        _reader.ReadPageAsync(stream, LogPosition.Before(before), most, _options.MaxPageBytes, cancellationToken);

    /// <summary>Reads the latest events. Where not all fit into the page it holds the newest of them.</summary>
    /// <param name="stream">The dialog or feed.</param>
    /// <param name="most">The most events to return.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<LogPage> ReadTailAsync(StreamKey stream, int most, CancellationToken cancellationToken) =>
        _reader.ReadPageAsync(stream, LogPosition.Tail, most, _options.MaxPageBytes, cancellationToken);

    /// <summary>The log's last event, or <see cref="Cursor.Start"/> if there was none.</summary>
    /// <param name="stream">The dialog or feed.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Cursor> GetHeadAsync(StreamKey stream, CancellationToken cancellationToken)
    {
        byte[]? last = await _redis.ExecuteAsync(
            database => database.ListGetByIndexAsync(RedisKeys.Log(stream), -1), cancellationToken);
        return last is null
            ? (await ReadTailAsync(stream, 0, cancellationToken)).Head
            : LogEntry.Parse(last).Cursor;
    }

    /// <summary>Where several logs stand, asked in one go.</summary>
    /// <param name="streams">The dialogs and feeds.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The last events, in the order of <paramref name="streams"/>.</returns>
    /// <exception cref="MessagingUnavailableException">Redis does not answer.</exception>
    public async Task<IReadOnlyList<Cursor>> GetHeadsAsync(IReadOnlyList<StreamKey> streams, CancellationToken cancellationToken)
    {
        var last = await _redis.ExecuteAsync(
            database => Task.WhenAll(streams.Select(stream => database.ListGetByIndexAsync(RedisKeys.Log(stream), -1))), cancellationToken);
        return await Task.WhenAll(streams.Zip(last, (stream, entry) => ToHeadAsync(stream, entry, cancellationToken)));
    }

    /// <summary>Where several logs stand, and which of them the feed of their account tells of, asked in one go.</summary>
    /// <param name="streams">The dialogs and feeds.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>
    /// The last events, in the order of <paramref name="streams"/>, and whether the dialog is listed: from then on, and for good, each of its
    /// events has its entry in the feed.
    /// </returns>
    /// <exception cref="MessagingUnavailableException">Redis does not answer.</exception>
    public async Task<IReadOnlyList<(Cursor Head, bool IsListed)>> GetStandingsAsync(
        IReadOnlyList<StreamKey> streams, CancellationToken cancellationToken)
    {
        var read = await _redis.ExecuteAsync(
            database => Task.WhenAll(streams.Select(async stream =>
            {
                // In this order: an event in between is in the log or, being the first of a dialog that is listed, above its head.
                var listed = stream.IsFeed ? null : database.HashGetAsync(RedisKeys.Dialog(stream), "listed");
                var last = await database.ListGetByIndexAsync(RedisKeys.Log(stream), -1);
                return (Last: last, IsListed: listed is not null && await listed == "1");
            })),
            cancellationToken);
        return await Task.WhenAll(streams.Zip(read, async (stream, one) => (await ToHeadAsync(stream, one.Last, cancellationToken), one.IsListed)));
    }

    // A log that is empty may have gone to the archive whole.
    private async Task<Cursor> ToHeadAsync(StreamKey stream, RedisValue last, CancellationToken cancellationToken) =>
        !last.IsNull ? LogEntry.Parse(last).Cursor
        : stream.IsFeed ? Cursor.Start
        : (await _reader.ReadLogAsync(stream, LogPosition.Tail, 0, 0, cancellationToken)).Head;
}
