using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Archive;

/// <summary>
/// Reads a stream as one, whether its events stand in the log or the archive. An event leaves the log only after the archive has
/// it, so that reading the log first, the archive for what it no longer has, and then the log again finds every event; where the
/// log was trimmed in between, it says so and the archive is asked once more. Backward the log's part alone comes from the log, and
/// what lies before it was in the archive by then.
/// </summary>
internal sealed class LogReader(RedisGateway redis, IDialogArchive archive)
{
    private static readonly RedisScript _read = RedisScript.Load("Streams.read");

    /// <summary>Reads a page, across the seam where need be.</summary>
    public async Task<LogPage> ReadPageAsync(
        StreamKey stream, LogPosition position, int most, int mostBytes, CancellationToken cancellationToken)
    {
        var read = await ReadLogAsync(stream, position, most, mostBytes, cancellationToken);
        var archived = new ArchivedEvents(stream, archive);
        if (position.IsBackward)
        {
            return await ReadBackwardAsync(archived, position, read, most, mostBytes, cancellationToken);
        }

        if (!read.InArchive)
        {
            return new LogPage(read.Held, read.Head, read.Oldest, read.Entries);
        }

        var page = new PageBuilder(archived, mostBytes);
        switch (position.Mode)
        {
            case LogPosition.AfterMode:
                if (position.Seq > 0 && !await ContainsAsync(archived, position, cancellationToken))
                {
                    return new LogPage(Held: false, read.Head, read.Oldest, []);
                }

                page.SetRange(position.Seq + 1, position.Seq + most);
                var after = await FillAsync(page, read, mayStartLater: false, cancellationToken);

                // Without entries it may be that retention took what followed before it was read.
                return new LogPage(page.Entries.Count > 0 || after.Oldest <= position.Seq + 1, after.Head, after.Oldest, page.Entries);

            default:
                page.SetRange(Math.Max(read.Oldest, position.Seq), position.Seq + most - 1);
                var from = await FillAsync(page, read, mayStartLater: true, cancellationToken);
                return new LogPage(Held: true, from.Head, from.Oldest, page.Entries);
        }
    }

    /// <summary>Reads the log alone.</summary>
    public async Task<LogRead> ReadLogAsync(
        StreamKey stream, LogPosition position, int most, int mostBytes, CancellationToken cancellationToken)
    {
        var reply = await redis.EvaluateAsync(
            _read,
            stream.IsFeed ? [RedisKeys.Log(stream)] : [RedisKeys.Log(stream), RedisKeys.Dialog(stream)],
            [position.Mode, position.SeqText, position.Nonce, most, mostBytes],
            cancellationToken);

        var status = (string?)reply.FirstOrDefault();
        if (reply.Length < 4 || status is not ("1" or "0" or "archive"))
        {
            throw RedisGateway.MismatchedReply();
        }

        var head = Cursor.TryParse((byte[])reply[1]!, (byte)' ', out var cursor, out _) ? cursor : Cursor.Start;
        var entries = new LogEntry[reply.Length - 4];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = LogEntry.Parse((byte[])reply[i + 4]!);
            if (!entries[i].IsOf(stream))
            {
                throw RedisGateway.MismatchedReply();
            }
        }

        return new LogRead(status == "1", status == "archive", head, (long)reply[2], (long)reply[3], entries);
    }

    private async Task<LogPage> ReadBackwardAsync(
        ArchivedEvents archived, LogPosition position, LogRead read, int most, int mostBytes, CancellationToken cancellationToken)
    {
        if (read.Entries is [var earliest, ..] && earliest.Seq > read.First)
        {
            // The page was full before the log was at its end.
            return new LogPage(Held: true, read.Head, read.Oldest, read.Entries);
        }

        var oldest = read.Oldest;
        var entries = read.Entries.Reverse().ToList();
        var bytesLeft = mostBytes - entries.Sum(entry => entry.Raw.Length);
        var next = read.First - 1;
        if (position.Mode == LogPosition.BeforeMode)
        {
            next = Math.Min(next, position.Seq - 1);
        }

        while (oldest > 0 && next >= oldest && entries.Count < most)
        {
            if (await archived.FindAsync(next, cancellationToken) is not { } entry)
            {
                // Retention may have come in between. What was read stands, and the page ends here.
                oldest = await EnsureDeletedAsync(archived.Stream, next, cancellationToken);
                break;
            }

            bytesLeft -= entry.Raw.Length;
            if (bytesLeft < 0 && entries.Count > 0)
            {
                break;
            }

            entries.Add(entry.Detach());
            next--;
        }

        entries.Reverse();
        return new LogPage(Held: true, read.Head, oldest, entries);
    }

    /// <returns>How the log stood in the end.</returns>
    private async Task<LogRead> FillAsync(PageBuilder page, LogRead read, bool mayStartLater, CancellationToken cancellationToken)
    {
        var missing = false;
        while (true)
        {
            var found = await page.AddArchivedAsync(read.First, cancellationToken);
            if (!found && missing)
            {
                throw new ArchiveDamagedException(page.Stream, $"event {page.Next} is in no segment");
            }

            if (page.IsFull)
            {
                return read;
            }

            missing = !found;
            read = await ReadLogAsync(page.Stream, LogPosition.From(page.Next), page.CountLeft, page.BytesLeft, cancellationToken);
            if (read.Oldest > page.Next)
            {
                // Retention has come in between. What was read before it stands, and ends here.
                if (page.Entries.Count > 0 || !mayStartLater)
                {
                    return read;
                }

                page.SkipTo(read.Oldest);
                missing = false;
            }

            if (!read.InArchive)
            {
                page.AddRange(read.Entries);
                return read;
            }
        }
    }

    private async Task<bool> ContainsAsync(ArchivedEvents archived, LogPosition cursor, CancellationToken cancellationToken)
    {
        if (await archived.FindAsync(cursor.Seq, cancellationToken) is { } entry)
        {
            return entry.Cursor.NonceText == cursor.Nonce;
        }

        await EnsureDeletedAsync(archived.Stream, cursor.Seq, cancellationToken);
        return false;
    }

    /// <summary>Makes sure that an event which no segment has was deleted for its age.</summary>
    /// <returns>The number of the oldest event that is left.</returns>
    private async Task<long> EnsureDeletedAsync(StreamKey stream, long seq, CancellationToken cancellationToken)
    {
        var read = await ReadLogAsync(stream, LogPosition.From(seq), 0, 0, cancellationToken);
        return read.Oldest > seq ? read.Oldest : throw new ArchiveDamagedException(stream, $"event {seq} is in no segment");
    }
}
