using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Archive.Files;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Archive.Files;

/// <summary>What a crash between any two steps leaves is no segment, is finished by the repeat, and goes with retention.</summary>
public sealed class TornTests : MessagingTest
{
    private static readonly StreamKey _dialog = StreamKey.ForDialog("acme", 7);

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_store_that_was_cut_off_is_finished_by_the_repeat(bool temporary, bool age)
    {
        var (host, folder, disk) = await StartAsync();
        var segment = Segments.Seal(_dialog, 1, 9);
        Leave(folder, segment, temporary, age);
        disk.LetTwoHoursPass();

        Assert.Null(await host.Archive.FindAsync(_dialog, 1, TestTimeout.Token()));
        await host.Archive.StoreAsync(_dialog, segment, TestTimeout.Token());

        Assert.Equal(segment.Data.ToArray(), (await host.Archive.FindAsync(_dialog, 1, TestTimeout.Token()))!.Value.ToArray());
        Assert.Empty(disk.Temporary);
        disk.AreSound();
        await disk.DeleteAllAsync(host.Archive, "acme", TestTimeout.Token());
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_store_that_was_cut_off_and_never_repeated_goes_by_its_age(bool temporary, bool age)
    {
        var (host, folder, disk) = await StartAsync();
        var segment = Segments.Seal(_dialog, 1, 9);
        Leave(folder, segment, temporary, age);
        disk.LetTwoHoursPass();

        Assert.Equal([Segments.IdOf(_dialog, segment)], await host.ListAsync());
        await disk.DeleteAllAsync(host.Archive, "acme", TestTimeout.Token());
    }

    [Fact]
    public async Task The_dialogs_next_segment_takes_away_what_was_left_of_one_before()
    {
        var (host, folder, disk) = await StartAsync();
        Leave(folder, Segments.Seal(_dialog, 1, 9), temporary: true, age: false);
        Leave(folder, Segments.Seal(_dialog, 30, 40), temporary: true, age: false);
        disk.LetTwoHoursPass();
        Leave(folder, Segments.Seal(_dialog, 2, 8), temporary: true, age: false);

        await host.Archive.StoreAsync(_dialog, Segments.Seal(_dialog, 1, 12), TestTimeout.Token());

        // The others may be under way: one is young, and one is of a later segment.
        Assert.Equal(["0000000000000008", "0000000000000040"], disk.Temporary.Select(path => Path.GetFileName(path)[..16]).Order(StringComparer.Ordinal));
    }

    // What a Redis that was restored from an older copy meets: the archive is ahead of it.
    [Fact]
    public async Task Segments_from_a_past_that_Redis_has_forgotten_are_never_read()
    {
        var (host, _, disk) = await StartAsync();
        var dialog = await host.OpenDialogAsync(60);
        await host.ArchiveAsync(dialog);
        Assert.Equal(40, (await host.ListAsync()).Max(segment => segment.Last));
        foreach (var (first, last) in ((long, long)[])[(41, 44), (45, 48), (49, 53), (54, 55), (56, 70), (71, 72)])
        {
            await host.Archive.StoreAsync(dialog, Segments.Seal(dialog, first, last, text: "never said"), TestTimeout.Token());
        }

        var expected = await host.Messaging.ReadAllAsync(dialog);
        for (var i = 0; i < 40; i++)
        {
            expected.Add((await host.Messaging.SendAsync(dialog, $"again-{i}", "text")).Entry);
            await host.ArchiveAsync(dialog);
            Assert.Equal(expected.Select(entry => entry.Cursor), (await host.Messaging.ReadAllAsync(dialog)).Select(entry => entry.Cursor));
        }

        disk.AreSound();
        Assert.Equal([8, 16, 24, 32, 40, 48, 56, 64, 72, 80], (await host.ListAsync()).Select(segment => segment.Last).Order());
    }

    [Fact]
    public async Task A_delete_that_was_cut_off_is_finished_by_the_next_sweep()
    {
        var (host, folder, disk) = await StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await host.Archive.StoreAsync(_dialog, Segments.Seal(_dialog, (i * 10) + 1, (i * 10) + 10), TestTimeout.Token());
        }

        // Two segments are gone, and their ages are not.
        File.Delete(folder.Segment(_dialog, 10));
        File.Delete(folder.Segment(_dialog, 20));

        Assert.Equal(3, (await host.ListAsync()).Count);
        await disk.DeleteAllAsync(host.Archive, "acme", TestTimeout.Token());
    }

    [Fact]
    public async Task Folders_that_were_left_empty_and_files_of_others_hurt_nobody()
    {
        var (host, folder, disk) = await StartAsync();
        var segment = Segments.Seal(_dialog, 1, 9);
        await host.Archive.StoreAsync(_dialog, segment, TestTimeout.Token());
        Directory.CreateDirectory(Path.Join(folder.ByAge("acme"), "2025-01-01", "07"));
        Directory.CreateDirectory(Path.Join(folder.Accounts, "lost+found"));
        await File.WriteAllTextAsync(Path.Join(folder.Accounts, ".DS_Store"), "");
        await File.WriteAllTextAsync(Path.Join(folder.Dialog(_dialog), ".nfs0001"), "");
        await File.WriteAllTextAsync(Path.Join(folder.Dialog(_dialog), "9.rxs"), "");
        await File.WriteAllTextAsync(Path.Join(Path.GetDirectoryName(folder.Age(Segments.IdOf(_dialog, segment)))!, "a-b-c"), "");

        Assert.Equal(["acme"], await host.Archive.ListAccountsAsync(TestTimeout.Token()));
        Assert.Equal([Segments.IdOf(_dialog, segment)], await host.ListAsync());
        Assert.DoesNotContain(disk.All, path => path.Contains("2025-01-01", StringComparison.Ordinal));
        Assert.Equal(segment.Data.ToArray(), (await host.Archive.FindAsync(_dialog, 1, TestTimeout.Token()))!.Value.ToArray());
        Assert.Equal(1, await host.Archive.DeleteThroughAsync(Segments.IdOf(_dialog, segment), TestTimeout.Token()));
        Assert.Equal(4, disk.All.Count(path => File.Exists(Path.Join(folder.Root, path)) && !path.EndsWith(".id", StringComparison.Ordinal)));
    }

    private static void Leave(ArchiveFolder folder, ArchiveSegment segment, bool temporary, bool age)
    {
        if (temporary)
        {
            // Half of it.
            var path = folder.Temporary(_dialog, segment.Last);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, segment.Data[..(segment.Data.Length / 2)].ToArray());
        }

        if (age)
        {
            var path = folder.Age(Segments.IdOf(_dialog, segment));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }
    }

    private async Task<(ArchiveHost Host, ArchiveFolder Folder, FilesOnDisk Disk)> StartAsync() =>
        (await StartArchiveAsync(RedisKind.Garnet, ArchiveStore.Files), new ArchiveFolder(Files), new FilesOnDisk(Files));
}
