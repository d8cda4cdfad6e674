using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Archive.Files;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Archive.Files;

/// <summary>A disk that fails means "not now": nothing is lost, nothing is taken for damaged, and when it is back all goes on.</summary>
public sealed class DiskTests : MessagingTest
{
    private static readonly StreamKey _dialog = StreamKey.ForDialog("acme", 7);

    [Fact]
    public async Task What_the_system_refuses_to_read_or_write_is_an_outage()
    {
        var host = await StartArchiveAsync(RedisKind.Garnet, ArchiveStore.Files);
        var dialog = await host.OpenDialogAsync(99);
        await host.ArchiveAsync(dialog);
        var folder = new ArchiveFolder(Files);

        // A link to itself, which nobody can open.
        var segment = folder.Segment(dialog, 16);
        File.Move(segment, segment + ".away");
        File.CreateSymbolicLink(segment, segment);
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.FromAsync(dialog, 1));
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.TailAsync(dialog, 1_000));
        Assert.Equal(ArchiveHost.Numbers(17, 100), (await host.FromAsync(dialog, 17)).Entries.Select(entry => entry.Seq));
        File.Delete(segment);
        File.Move(segment + ".away", segment);

        // A file where a folder should be.
        var byAge = folder.ByAge("acme");
        Directory.Move(byAge, byAge + ".away");
        await File.WriteAllTextAsync(byAge, "");
        await host.SendAsync(dialog, 99, 60);
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.ArchiveAsync(dialog));
        Assert.Equal(ArchiveHost.Numbers(81, 160), await host.InLogAsync(dialog));
        Assert.Empty(new FilesOnDisk(Files).Temporary);

        File.Delete(byAge);
        Directory.Move(byAge + ".away", byAge);
        await GoesOnAsync(host, dialog, 160);
    }

    [Fact]
    public async Task A_volume_that_is_not_mounted_is_an_outage_and_no_empty_archive()
    {
        var host = await StartArchiveAsync(RedisKind.Garnet, ArchiveStore.Files);
        var dialog = await host.OpenDialogAsync(99);
        await host.ArchiveAsync(dialog);
        Directory.Move(Files, Files + ".away");

        // Nothing there, and then the empty folder beneath.
        await AllFailAsync(host, dialog);
        Directory.CreateDirectory(Files);
        await AllFailAsync(host, dialog);

        // Another process, which starts meanwhile.
        await using var late = await ConnectArchiveAsync(ArchiveStore.Files);
        await AllFailAsync(late, dialog);
        await host.SendAsync(dialog, 99, 60);
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => late.ArchiveAsync(dialog));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Files));

        Directory.Delete(Files);
        Directory.Move(Files + ".away", Files);
        await GoesOnAsync(host, dialog, 160);
        await GoesOnAsync(late, dialog, 160);
    }

    [Fact]
    public async Task Another_folder_than_the_others_have_is_not_taken_for_the_archive()
    {
        var host = await StartArchiveAsync(RedisKind.Garnet, ArchiveStore.Files);
        var dialog = await host.OpenDialogAsync(99);
        await host.ArchiveAsync(dialog);
        using var elsewhere = new TempDirectory();
        await using var astray = await ArchiveHost.ConnectAsync(Server.ConnectionString, elsewhere.Path);

        await AllFailAsync(astray, dialog);
        var exception = await Assert.ThrowsAsync<MessagingUnavailableException>(() => astray.ListAsync());

        Assert.Contains(elsewhere.Path, exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere.Path));
    }

    [Fact]
    public async Task Processes_that_begin_an_archive_at_once_agree_on_it()
    {
        await StartServerAsync(RedisKind.Garnet);
        var hosts = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ConnectArchiveAsync(ArchiveStore.Files)));

        await Task.WhenAll(hosts.Select((host, i) => host.Archive.StoreAsync(_dialog, Segments.Seal(_dialog, i + 1, i + 1), TestTimeout.Token())));

        foreach (var host in hosts)
        {
            Assert.Equal(6, (await host.ListAsync()).Count);
            await host.DisposeAsync();
        }

        Assert.Empty(new FilesOnDisk(Files).Temporary);
    }

    [Fact]
    public async Task A_full_disk_keeps_the_events_in_the_log_until_there_is_room()
    {
        await using var small = await SmallDisk.MountAsync(kilobytes: 512);
        await StartServerAsync(RedisKind.Garnet);
        await using var host = await ArchiveHost.ConnectAsync(Server.ConnectionString, small.Path);
        var dialog = await host.OpenDialogAsync(60);
        await host.ArchiveAsync(dialog);
        var ballast = Path.Join(small.Path, "ballast");
        FillUp(ballast);
        await host.SendAsync(dialog, 60, 100);

        await Assert.ThrowsAsync<MessagingUnavailableException>(async () =>
        {
            // The last free block may still take one or two.
            for (var i = 0; i < 20; i++)
            {
                await host.ArchiveAsync(dialog);
                await host.SendAsync(dialog, 160 + (i * 20), 20);
            }
        });

        // Whatever was written is whole, and all can be read.
        var disk = new FilesOnDisk(small.Path);
        disk.AreSound();
        Assert.Empty(disk.Temporary);
        var all = await host.Messaging.ReadAllAsync(dialog);
        Assert.Equal(ArchiveHost.Numbers(1, all.Count), all.Select(entry => entry.Seq));

        File.Delete(ballast);
        await GoesOnAsync(host, dialog, all.Count);
        disk.AreSound();
    }

    [Fact]
    public async Task A_disk_that_cannot_be_written_can_be_read()
    {
        await using var small = await SmallDisk.MountAsync(kilobytes: 512);
        await StartServerAsync(RedisKind.Garnet);
        await using var host = await ArchiveHost.ConnectAsync(Server.ConnectionString, small.Path);
        var dialog = await host.OpenDialogAsync(99);
        await host.ArchiveAsync(dialog);
        await small.RemountAsync("ro");
        await host.SendAsync(dialog, 99, 60);

        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.ArchiveAsync(dialog));
        Assert.Equal(ArchiveHost.Numbers(1, 160), (await host.Messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));

        await small.RemountAsync("rw");
        await GoesOnAsync(host, dialog, 160);
    }

    private static async Task AllFailAsync(ArchiveHost host, StreamKey dialog)
    {
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.FromAsync(dialog, 1));
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.TailAsync(dialog, 1_000));
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.Archive.FindAsync(dialog, 1, TestTimeout.Token()));
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.Archive.StoreAsync(dialog, Segments.Seal(dialog, 1, 9), TestTimeout.Token()));
        await Assert.ThrowsAsync<MessagingUnavailableException>(
            () => host.Archive.DeleteThroughAsync(new SegmentId(dialog, 1_000, Segments.Start), TestTimeout.Token()));
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.ListAsync());
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.Archive.ListAccountsAsync(TestTimeout.Token()));
        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.Sweep.SweepAsync(TimeSpan.Zero, TestTimeout.Token()));
    }

    private static async Task GoesOnAsync(ArchiveHost host, StreamKey dialog, int events)
    {
        await host.ArchiveAsync(dialog);
        Assert.InRange((await host.InLogAsync(dialog)).Length, ArchiveHost.Window, ArchiveHost.Window + ArchiveHost.Segment);
        Assert.Equal(ArchiveHost.Numbers(1, events), (await host.Messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));
    }

    private static void FillUp(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4_096];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
        }
    }
}
