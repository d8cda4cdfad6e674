using System.Globalization;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Dialogs;

public sealed partial class DialogLog
{
    private static readonly RedisScript _read = RedisScript.Load("Streams.read");

    /// <summary>Reads what follows a position, provided that the log still holds the very event that the cursor names.</summary>
    /// <param name="stream">The dialog or feed.</param>
    /// <param name="after">The last event seen; <see cref="Cursor.Start"/> for all, as long as nothing was trimmed.</param>
    /// <param name="most">The most events to return.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The page; not held if the event was trimmed, lost, or replaced by another one under the same number.</returns>
    public Task<LogPage> ReadAfterAsync(StreamKey stream, Cursor after, int most, CancellationToken cancellationToken) =>
        ReadAsync(stream, "after", after.Seq.ToString(CultureInfo.InvariantCulture), after.NonceText, most, cancellationToken);

    /// <summary>Reads events by their numbers.</summary>
    /// <param name="stream">The dialog or feed.</param>
    /// <param name="from">The first number wanted.</param>
    /// <param name="most">The most events to return.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<LogPage> ReadFromAsync(StreamKey stream, long from, int most, CancellationToken cancellationToken) =>
        ReadAsync(stream, "from", from.ToString(CultureInfo.InvariantCulture), "", most, cancellationToken);

    /// <summary>Reads the latest events.</summary>
    /// <param name="stream">The dialog or feed.</param>
    /// <param name="most">The most events to return.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<LogPage> ReadTailAsync(StreamKey stream, int most, CancellationToken cancellationToken) =>
        ReadAsync(stream, "tail", "", "", most, cancellationToken);

    /// <summary>The log's last event, or <see cref="Cursor.Start"/> if it holds none.</summary>
    /// <param name="stream">The dialog or feed.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Cursor> GetHeadAsync(StreamKey stream, CancellationToken cancellationToken)
    {
        byte[]? last = await _redis.ExecuteAsync(
            database => database.ListGetByIndexAsync(RedisKeys.Log(stream), -1), cancellationToken);
        return last is null ? Cursor.Start : LogEntry.Parse(last).Cursor;
    }

    /// <summary>Where several logs stand, asked in one go.</summary>
    /// <param name="streams">The dialogs and feeds.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The last events, in the order of <paramref name="streams"/>.</returns>
    public async Task<IReadOnlyList<Cursor>> GetHeadsAsync(IReadOnlyList<StreamKey> streams, CancellationToken cancellationToken)
    {
        var last = await _redis.ExecuteAsync(
            database => Task.WhenAll(streams.Select(stream => database.ListGetByIndexAsync(RedisKeys.Log(stream), -1))), cancellationToken);
        return [.. last.Select(entry => entry.IsNull ? Cursor.Start : LogEntry.Parse(entry).Cursor)];
    }

    private async Task<LogPage> ReadAsync(
        StreamKey stream, string mode, string seq, string nonce, int most, CancellationToken cancellationToken)
    {
        var reply = await _redis.EvaluateAsync(
            _read, [RedisKeys.Log(stream)], [mode, seq, nonce, most, _options.MaxPageBytes], cancellationToken);

        var head = Cursor.TryParse((byte[])reply[1]!, (byte)' ', out var cursor, out _) ? cursor : Cursor.Start;
        var entries = new LogEntry[reply.Length - 3];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = LogEntry.Parse((byte[])reply[i + 3]!);
        }

        return new LogPage((string?)reply[0] == "1", head, (long)reply[2], entries);
    }
}
