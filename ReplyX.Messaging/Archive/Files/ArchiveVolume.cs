using System.Text;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Archive.Files;

/// <summary>
/// Tells the archive's folder from any other. Where a volume is not mounted there is an empty folder of the same name: segments would seem
/// lost, and new ones would go to the wrong disk. So the folder has an id, Redis knows it, and a folder that has another one, or none, is
/// not there. Nor are two processes that were given different folders ever taken for one archive.
/// </summary>
internal sealed class ArchiveVolume(RedisGateway redis, IOptions<ArchiveOptions> options)
{
    // As Windows names it, and as others do.
    private const int DiskFullWindows = unchecked((int)0x80070070);
    private const int DiskFull = 28;
    private const int QuotaExceeded = 122;

    private string? _id;

    public ArchiveFolder Folder { get; } = new(Path.TrimEndingDirectorySeparator(options.Value.Directory ?? ""));

    /// <summary>Whether this process may use a folder, which is made if it is not there. A full disk says nothing against it.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    public static string? Check(string directory)
    {
        try
        {
            if (!Directory.Exists(directory))
            {
                // What visitors wrote is nobody else's.
                _ = OperatingSystem.IsWindows()
                    ? Directory.CreateDirectory(directory)
                    : Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            var probe = Path.Join(directory, $"start.{Guid.NewGuid():N}.tmp");
            try
            {
                DurableFiles.WriteNew(probe, [1]);
            }
            finally
            {
                // A full disk makes it, and writes nothing into it.
                DurableFiles.Delete(probe);
            }

            return null;
        }
        catch (IOException exception) when (exception.HResult is DiskFull or QuotaExceeded or DiskFullWindows)
        {
            // Not starting would end the chats that live in Redis for the sake of what is old.
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    /// <summary>Agrees with everybody else on which folder it is, once.</summary>
    /// <exception cref="IOException">It is another one than this.</exception>
    /// <exception cref="MessagingUnavailableException">Redis did not answer.</exception>
    public async ValueTask OpenAsync(FileThreads threads, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _id) is not null)
        {
            return;
        }

        string? known = await redis.ExecuteAsync(database => database.StringGetAsync(RedisKeys.ArchiveVolume), cancellationToken);
        var here = await threads.RunAsync(() => ReadId() ?? (known is null ? CreateId() : null), cancellationToken);
        if (known is null)
        {
            await redis.ExecuteAsync(
                database => database.StringSetAsync(RedisKeys.ArchiveVolume, here, when: When.NotExists), cancellationToken);
            known = await redis.ExecuteAsync(database => database.StringGetAsync(RedisKeys.ArchiveVolume), cancellationToken);
        }

        Volatile.Write(ref _id, here == known ? here : throw Missing());
    }

    /// <summary>Makes sure that the folder is still the one that it was.</summary>
    /// <exception cref="IOException">It is not.</exception>
    public void EnsureMounted()
    {
        if (ReadId() != Volatile.Read(ref _id))
        {
            throw Missing();
        }
    }

    private string? ReadId()
    {
        try
        {
            return File.ReadAllText(Folder.IdFile).Trim();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private string? CreateId()
    {
        var temporary = $"{Folder.IdFile}.{Guid.NewGuid():N}.tmp";
        DurableFiles.WriteNew(temporary, Encoding.ASCII.GetBytes($"{Guid.NewGuid():N}\n"));
        try
        {
            File.Move(temporary, Folder.IdFile, overwrite: false);
        }
        catch (IOException) when (File.Exists(Folder.IdFile))
        {
            // Another process was first.
            File.Delete(temporary);
        }

        DurableFiles.SyncFolder(Folder.Root);
        return ReadId();
    }

    private IOException Missing() =>
        new($"{Folder.Root} is not the folder that the archive was begun in: another one, or its volume is not mounted.");
}
