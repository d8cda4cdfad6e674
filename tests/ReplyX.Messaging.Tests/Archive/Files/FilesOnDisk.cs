using System.Globalization;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Archive.Files;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Tests.Archive.Files;

/// <summary>An archive's files as anybody finds them, by no code of the archive.</summary>
internal sealed class FilesOnDisk(string root)
{
    public IEnumerable<string> All => Directory.Exists(root)
        ? Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(root, path))
        : [];

    public string[] Temporary => [.. All.Where(path => path.EndsWith(".tmp", StringComparison.Ordinal))];

    public string[] Ages => [.. All.Where(path => path.Contains("by-age", StringComparison.Ordinal) && File.Exists(Path.Join(root, path)))];

    public string[] Segments => [.. All.Where(path => path.EndsWith(".rxs", StringComparison.Ordinal))];

    /// <summary>Then whoever wrote what is unfinished is taken for dead.</summary>
    public void LetTwoHoursPass()
    {
        foreach (var path in Temporary)
        {
            File.SetLastWriteTimeUtc(Path.Join(root, path), DateTime.UtcNow.AddHours(-2));
        }
    }

    /// <summary>Every segment is whole, and retention knows of it by its own age.</summary>
    /// <param name="orByAnother">Or by the age of one that was to replace it when its writer died.</param>
    public void AreSound(bool orByAnother = false)
    {
        var folder = new ArchiveFolder(root);
        var ages = Ages;
        foreach (var path in Segments)
        {
            var parts = path.Split(Path.DirectorySeparatorChar);
            var dialog = StreamKey.ForDialog(parts[1], long.Parse(parts[4], CultureInfo.InvariantCulture));
            var segment = SegmentFormat.Reseal(dialog, File.ReadAllBytes(Path.Join(root, path)));
            Assert.Equal($"{segment.Last:D16}.rxs", parts[5]);
            var own = Path.GetRelativePath(root, folder.Age(new SegmentId(dialog, segment.Last, segment.NewestAt)));
            var another = string.Create(CultureInfo.InvariantCulture, $"-{dialog.DialogId}-{segment.Last}");
            Assert.True(
                ages.Contains(own) || (orByAnother && ages.Any(age => age.EndsWith(another, StringComparison.Ordinal))), $"{path} is not among the ages");
        }
    }

    /// <summary>All that is left when everything was deleted that the archive lists.</summary>
    public async Task DeleteAllAsync(IDialogArchive archive, string account, CancellationToken cancellationToken)
    {
        // One that is listed alone, beside others of its dialog, goes in another round.
        for (var round = 0; round < 100; round++)
        {
            var listed = await archive.ListAsync(account, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, 10_000, cancellationToken);
            foreach (var segment in listed)
            {
                await archive.DeleteThroughAsync(segment, cancellationToken);
            }

            if (listed.Count == 0)
            {
                break;
            }
        }

        Assert.Equal(["accounts", "archive.id"], All.Order(StringComparer.Ordinal));
    }
}
