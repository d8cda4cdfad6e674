using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Archive.Files;

/// <summary>
/// The archive in files, for any number of processes on one machine or one shared volume. <see cref="ArchiveFolder"/> has the layout.
/// <para>
/// A segment is written beside its place, synced and renamed, so that it is there whole or not at all. Before that an empty file among
/// the account's ages is, so that retention knows of every segment; and a segment is deleted before its age is, so that what a crash
/// leaves is found and finished by the next sweep. docs/adr/0020-archive-on-files.md goes through the steps.
/// </para>
/// </summary>
internal sealed class FileDialogArchive(ArchiveVolume volume, ArchiveMetrics metrics, TimeProvider time) : IDialogArchive, IDisposable
{
    // Readers wait, sweeps and archivers can: neither keeps the other's threads busy.
    private const int ReadingThreads = 4;
    private const int WritingThreads = 2;

    // Keeps each turn on a thread short.
    private const int DeletedAtOnce = 100;

    // Each time somebody else has to delete what was found a moment before.
    private const int Attempts = 20;

    // Options allow 4 MiB and one event more.
    private const int MaxLength = 64 * 1024 * 1024;

    // No writer takes that long, and clocks do not differ by it. One that did all the same would store once more.
    private static readonly TimeSpan _tornAfter = TimeSpan.FromHours(1);

    private readonly FileThreads _reading = new("archive reads", ReadingThreads, time);
    private readonly FileThreads _writing = new("archive writes", WritingThreads, time);
    private readonly ArchiveFolder _folder = volume.Folder;

    public Task StoreAsync(StreamKey dialog, ArchiveSegment segment, CancellationToken cancellationToken) => RunAsync(
        _writing,
        () =>
        {
            volume.EnsureMounted();
            Store(new SegmentId(dialog, segment.Last, segment.NewestAt), segment.Data.Span);

            // Or it may be on the disk beneath.
            volume.EnsureMounted();
            return true;
        },
        cancellationToken);

    public async Task<ReadOnlyMemory<byte>?> FindAsync(StreamKey dialog, long seq, CancellationToken cancellationToken) => await RunAsync<ReadOnlyMemory<byte>?>(
        _reading,
        () =>
        {
            if (Find(dialog, seq) is { } data)
            {
                return data;
            }

            volume.EnsureMounted();
            return null;
        },
        cancellationToken);

    public async Task<int> DeleteThroughAsync(SegmentId segment, CancellationToken cancellationToken)
    {
        var total = 0;
        int deleted;
        do
        {
            deleted = await RunAsync(
                _writing,
                () =>
                {
                    volume.EnsureMounted();
                    return DeleteThrough(segment);
                },
                cancellationToken);
            total += deleted;
        }
        while (deleted > 0);
        return total;
    }

    public async Task<bool> DeleteAllAsync(StreamKey dialog, CancellationToken cancellationToken)
    {
        await DeleteThroughAsync(new SegmentId(dialog, long.MaxValue, DateTimeOffset.UnixEpoch), cancellationToken);
        return await RunAsync(_writing, () => !_folder.ListTemporary(dialog, long.MaxValue).Any(), cancellationToken);
    }

    public async Task<bool> DeleteAccountAsync(string account, CancellationToken cancellationToken)
    {
        // By the folders, not by the ages: a damaged segment may have none.
        var dialogs = await RunAsync<IReadOnlyList<StreamKey>>(
            _writing,
            () =>
            {
                volume.EnsureMounted();
                return [.. _folder.ListDialogs(account)];
            },
            cancellationToken);
        var isGone = true;
        foreach (var dialog in dialogs)
        {
            isGone &= await DeleteAllAsync(dialog, cancellationToken);
        }

        while (await ListAsync(account, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, DeletedAtOnce, cancellationToken) is { Count: > 0 } ages)
        {
            // What is left there leads to nothing.
            await RunAsync(
                _writing,
                () =>
                {
                    volume.EnsureMounted();
                    foreach (var age in ages)
                    {
                        Delete(age.Dialog, [age.Last]);
                        DurableFiles.Delete(_folder.Age(age));
                    }

                    return true;
                },
                cancellationToken);
        }

        return await RunAsync(
            _writing,
            () =>
            {
                _folder.DeleteEmptyFolders(account);
                return isGone;
            },
            cancellationToken);
    }

    public Task DeleteWithinAsync(StreamKey dialog, long first, long last, CancellationToken cancellationToken) => RunAsync(
        _writing,
        () =>
        {
            volume.EnsureMounted();
            Delete(dialog, [.. _folder.ListSegments(dialog).Where(end => end >= first && end < last)]);
            return true;
        },
        cancellationToken);

    public Task<IReadOnlyList<string>> ListAccountsAsync(CancellationToken cancellationToken) => RunAsync<IReadOnlyList<string>>(
        _writing,
        () =>
        {
            volume.EnsureMounted();
            return [.. _folder.ListAccounts()];
        },
        cancellationToken);

    public Task<IReadOnlyList<SegmentId>> ListAsync(
        string account, DateTimeOffset from, DateTimeOffset to, int most, CancellationToken cancellationToken) => RunAsync<IReadOnlyList<SegmentId>>(
        _writing,
        () =>
        {
            volume.EnsureMounted();
            return List(account, from, to, most);
        },
        cancellationToken);

    public void Dispose()
    {
        _reading.Dispose();
        _writing.Dispose();
    }

    private async Task<T> RunAsync<T>(FileThreads threads, Func<T> work, CancellationToken cancellationToken)
    {
        try
        {
            await volume.OpenAsync(threads, cancellationToken);
            return await threads.RunAsync(work, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            metrics.DiskFailed();
            throw new MessagingUnavailableException($"The archive's disk failed: {exception.Message}", exception);
        }
    }

    private void Store(SegmentId segment, ReadOnlySpan<byte> data)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (TryStore(segment, data))
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is DirectoryNotFoundException or FileNotFoundException && attempt < Attempts)
            {
                // A deletion found the folder empty, or took the file that was to be renamed for that of a writer that died.
            }

            if (attempt == Attempts)
            {
                throw new IOException($"{_folder.Segment(segment.Dialog, segment.Last)} is deleted as often as it is stored.");
            }
        }
    }

    private bool TryStore(SegmentId segment, ReadOnlySpan<byte> data)
    {
        var path = _folder.Segment(segment.Dialog, segment.Last);
        var folder = _folder.Dialog(segment.Dialog);
        if (Holds(path, data))
        {
            // Whoever wrote it may not have come to what follows.
            TouchAge(segment);
        }
        else
        {
            DurableFiles.MakeFolder(folder);
            var temporary = _folder.Temporary(segment.Dialog, segment.Last);
            try
            {
                DurableFiles.WriteNew(temporary, data);
                TouchAge(segment);
                if (ReadRange(path) is { } old && old.NewestAt != segment.NewestAt)
                {
                    // Before it is replaced, or retention might take the new one by the age of the old.
                    DurableFiles.Delete(_folder.Age(segment with { NewestAt = old.NewestAt }));
                }

                File.Move(temporary, path, overwrite: true);
            }
            catch
            {
                DeleteQuietly(temporary);
                throw;
            }
        }

        DurableFiles.SyncNames(folder, _folder.Root);
        DeleteTorn(segment);

        // A deletion of this moment may have taken the age after the segment was back. See DeleteAge.
        return File.Exists(_folder.Age(segment)) || !File.Exists(path);
    }

    private void DeleteTorn(SegmentId through)
    {
        var latest = time.GetUtcNow() - _tornAfter;
        foreach (var torn in _folder.ListTemporary(through.Dialog, through.Last).Where(path => File.GetLastWriteTimeUtc(path) < latest))
        {
            DurableFiles.Delete(torn);
        }
    }

    private void TouchAge(SegmentId segment)
    {
        var age = _folder.Age(segment);
        var hour = Path.GetDirectoryName(age)!;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                DurableFiles.MakeFolder(hour);
                DurableFiles.Touch(age);
                DurableFiles.SyncNames(hour, _folder.Root);
                return;
            }
            catch (DirectoryNotFoundException) when (attempt < Attempts)
            {
                // It, or one above it, was empty until now and was deleted.
            }
        }
    }

    private byte[]? Find(StreamKey dialog, long seq)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var found = long.MaxValue;
            foreach (var last in _folder.ListSegments(dialog))
            {
                found = last >= seq && last < found ? last : found;
            }

            if (found == long.MaxValue)
            {
                return null;
            }

            if (Read(dialog, _folder.Segment(dialog, found)) is { } data)
            {
                return data;
            }

            // Retention has just deleted it.
        }

        throw new IOException($"{_folder.Dialog(dialog)} lists files that are not there.");
    }

    /// <returns>How many segments there were; at 0 nothing is left.</returns>
    private int DeleteThrough(SegmentId through)
    {
        var dialog = through.Dialog;
        List<long> going = [.. _folder.ListSegments(dialog).Where(last => last <= through.Last).Order().Take(DeletedAtOnce)];
        Delete(dialog, going);
        if (going.Count == 0)
        {
            DeleteTorn(through);

            // One that a crash, or a damaged segment, has left among the ages alone.
            DeleteAge(through);
            DurableFiles.DeleteEmpty(_folder.Dialog(dialog), _folder.Accounts);
        }

        return going.Count;
    }

    private void Delete(StreamKey dialog, List<long> going)
    {
        if (going.Count == 0)
        {
            return;
        }

        List<SegmentId> ages = [];
        foreach (var last in going)
        {
            var path = _folder.Segment(dialog, last);
            if (ReadRange(path) is { } range)
            {
                ages.Add(new SegmentId(dialog, last, range.NewestAt));
            }

            DurableFiles.Delete(path);
        }

        try
        {
            DurableFiles.SyncFolder(_folder.Dialog(dialog));
        }
        catch (DirectoryNotFoundException)
        {
            // Another sweep was faster.
        }

        ages.ForEach(DeleteAge);
    }

    private void DeleteAge(SegmentId segment)
    {
        var age = _folder.Age(segment);
        DurableFiles.Delete(age);
        if (File.Exists(_folder.Segment(segment.Dialog, segment.Last)))
        {
            // Stored again meanwhile. Whoever did looks for the age after that, and this looks for the segment after the age was deleted, so
            // that one of the two sees what the other did.
            TouchAge(segment);
        }
        else
        {
            DurableFiles.DeleteEmpty(Path.GetDirectoryName(age)!, _folder.Accounts);
        }
    }

    private List<SegmentId> List(string account, DateTimeOffset from, DateTimeOffset to, int most)
    {
        List<SegmentId> segments = [];
        var byAge = _folder.ByAge(account);
        var (first, last) = (Name(from), Name(to));
        foreach (var day in ArchiveFolder.ListFolders(byAge))
        {
            if (string.CompareOrdinal(day, ArchiveFolder.Day(from)) < 0)
            {
                continue;
            }

            if (string.CompareOrdinal(day, ArchiveFolder.Day(to)) > 0)
            {
                break;
            }

            foreach (var hour in ArchiveFolder.ListFolders(Path.Join(byAge, day)))
            {
                var name = day + hour;
                if (string.CompareOrdinal(name, first) < 0 || string.CompareOrdinal(name, last) > 0)
                {
                    continue;
                }

                var path = Path.Join(byAge, day, hour);
                var found = ArchiveFolder.ListHour(account, path);
                if (found.Count == 0)
                {
                    // Left by a sweep that was cut off.
                    DurableFiles.DeleteEmpty(path, _folder.Accounts);
                }

                segments.AddRange(found.Where(segment => segment.NewestAt >= from && segment.NewestAt <= to).Take(most - segments.Count));
                if (segments.Count >= most)
                {
                    return segments;
                }
            }
        }

        return segments;

        static string Name(DateTimeOffset time) => ArchiveFolder.Day(time) + ArchiveFolder.Hour(time);
    }

    private static byte[]? Read(StreamKey dialog, string path)
    {
        try
        {
            using var file = Open(path);
            if (file.Length > MaxLength)
            {
                throw new ArchiveDamagedException(dialog, $"{path} has {file.Length} bytes");
            }

            var data = new byte[file.Length];
            file.ReadExactly(data);
            return data;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static bool Holds(string path, ReadOnlySpan<byte> data)
    {
        try
        {
            using var file = Open(path);
            if (file.Length != data.Length)
            {
                return false;
            }

            var stored = new byte[data.Length];
            file.ReadExactly(stored);
            return data.SequenceEqual(stored);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or EndOfStreamException)
        {
            return false;
        }
    }

    private static SegmentRange? ReadRange(string path)
    {
        try
        {
            using var file = Open(path);
            Span<byte> head = stackalloc byte[SegmentFormat.HeadLength];
            return SegmentFormat.TryReadRange(head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    // Whoever reads keeps nobody from replacing or deleting it.
    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next store of the dialog deletes it.
        }
    }
}
