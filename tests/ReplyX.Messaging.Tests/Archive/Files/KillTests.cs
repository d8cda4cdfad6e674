using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Archive.Files;

/// <summary>
/// Writers that are killed amid their work. They are this assembly again, asked for one of the last two tests, which then goes on until it
/// is killed and says in Redis what it has done.
/// </summary>
public sealed class KillTests : MessagingTest
{
    private const string Done = "test:done";
    private const string Variable = "REPLYX_TEST_WRITER";

    [Fact]
    public async Task A_writer_that_is_killed_leaves_whole_segments_that_retention_knows_of()
    {
        var random = Seed.Random();
        var host = await StartArchiveAsync(RedisKind.Garnet, ArchiveStore.Files);
        var disk = new FilesOnDisk(Files);
        for (var kill = 0; kill < 6; kill++)
        {
            await RunAndKillAsync(host, nameof(A_writer_that_is_let_alone_leaves_nothing_either), random.Next(20, 300), random.Next(20));
            disk.AreSound(orByAnother: true);
        }

        // What was cut off is in the way of nobody.
        disk.LetTwoHoursPass();
        foreach (var dialog in Dialogs())
        {
            await host.Archive.StoreAsync(dialog, Segments.Seal(dialog, 1, 1_000), TestTimeout.Token());
        }

        disk.AreSound(orByAnother: true);
        Assert.Empty(disk.Temporary);
        await disk.DeleteAllAsync(host.Archive, "acme", TestTimeout.Token());
    }

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_process_that_archives_is_killed()
    {
        var random = Seed.Random();
        var host = await StartArchiveAsync(RedisKind.Redis, ArchiveStore.Files);
        var dialogs = new List<StreamKey>();
        for (var i = 0; i < 4; i++)
        {
            dialogs.Add(await host.Messaging.OpenDialogAsync());
            await host.Messaging.Database.ListRightPushAsync("test:dialogs", dialogs[^1].DialogId);
        }

        for (var kill = 0; kill < 4; kill++)
        {
            await RunAndKillAsync(host, nameof(Who_sends_has_archived), random.Next(100, 400), random.Next(20));
            await AllIsThereAsync();
        }

        foreach (var dialog in dialogs)
        {
            await host.ArchiveAsync(dialog);
        }

        await AllIsThereAsync();
        new FilesOnDisk(Files).AreSound();

        // Retention knows of all of it.
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow.AddYears(2));
        await using var later = await ConnectArchiveAsync(ArchiveStore.Files, time);
        await later.Sweep.SweepAsync(TimeSpan.Zero, TestTimeout.Token());
        Assert.Empty(new FilesOnDisk(Files).Segments);
        Assert.Empty(new FilesOnDisk(Files).Ages);

        async Task AllIsThereAsync()
        {
            foreach (var dialog in dialogs)
            {
                var all = await host.Messaging.ReadAllAsync(dialog);
                Assert.Equal(ArchiveHost.Numbers(1, all.Count), all.Select(entry => entry.Seq));
                var acknowledged = await host.Messaging.Database.ListRangeAsync($"{Done}:{dialog.DialogId}");
                Assert.NotEmpty(acknowledged);
                Assert.Subset(all.Select(entry => entry.Cursor.ToString()).ToHashSet(), acknowledged.Select(cursor => (string)cursor!).ToHashSet());
            }
        }
    }

    [Fact]
    public async Task A_writer_that_is_let_alone_leaves_nothing_either()
    {
        var host = await ConnectAsWriterAsync();
        var random = Seed.Random();
        for (var round = 0; IsToBeKilled || round < 20; round++)
        {
            foreach (var dialog in Dialogs())
            {
                var last = random.Next(1, 9);
                await host.Archive.StoreAsync(
                    dialog,
                    Segments.Seal(dialog, random.Next(1, last + 1), last, Segments.Start.AddHours(random.Next(3)), new string('x', random.Next(20_000))),
                    CancellationToken.None);
                await host.Messaging.Database.StringIncrementAsync(Done);
            }

            var listed = await host.ListAsync();
            await host.Archive.DeleteThroughAsync(listed[random.Next(listed.Count)], CancellationToken.None);
        }

        new FilesOnDisk(Files).AreSound();
        await new FilesOnDisk(Files).DeleteAllAsync(host.Archive, "acme", TestTimeout.Token());
    }

    [Fact]
    public async Task Who_sends_has_archived()
    {
        var host = await ConnectAsWriterAsync();
        await host.Messaging.StartAsync();
        var dialogs = IsToBeKilled
            ? await host.Messaging.Database.ListRangeAsync("test:dialogs")
            : [(await host.Messaging.OpenDialogAsync()).DialogId];
        await Task.WhenAll(dialogs.Select(id => StreamKey.ForDialog("acme", (long)id)).Select(dialog => Task.Run(async () =>
        {
            for (var i = 0; IsToBeKilled || i < 100; i++)
            {
                var sent = await host.Messaging.SendAsync(dialog, Guid.NewGuid().ToString("N"), "text");
                await host.Messaging.Database.ListRightPushAsync($"{Done}:{dialog.DialogId}", sent.Entry.Cursor.ToString());
                await host.Messaging.Database.StringIncrementAsync(Done);
            }
        })));

        var limit = TestTimeout.Token();
        while (new FilesOnDisk(Files).Segments.Length < 9)
        {
            await Task.Delay(20, limit);
        }
    }

    private static bool IsToBeKilled => Environment.GetEnvironmentVariable(Variable) is not null;

    private static IEnumerable<StreamKey> Dialogs() => Enumerable.Range(1, 3).Select(id => StreamKey.ForDialog("acme", id));

    private async Task<ArchiveHost> ConnectAsWriterAsync() =>
        Environment.GetEnvironmentVariable(Variable)?.Split('|') is [var server, var files]
            ? Keep(await ArchiveHost.ConnectAsync(server, files))
            : await StartArchiveAsync(RedisKind.Garnet, ArchiveStore.Files);

    /// <summary>Starts a writer, and kills it when it has done so much and some milliseconds more.</summary>
    private async Task RunAndKillAsync(ArchiveHost host, string writer, int steps, int milliseconds)
    {
        var before = (long)await host.Messaging.Database.StringGetAsync(Done);
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [typeof(KillTests).Assembly.Location, "-method", $"{typeof(KillTests).FullName}.{writer}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Variable] = string.Create(CultureInfo.InvariantCulture, $"{Server.ConnectionString}|{Files}");
        using var process = Process.Start(start)!;
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            var limit = TestTimeout.Token();
            while ((long)await host.Messaging.Database.StringGetAsync(Done) < before + steps)
            {
                Assert.False(process.HasExited, process.HasExited ? string.Join('\n', await output) : "");
                await Task.Delay(5, limit);
            }

            await Task.Delay(milliseconds, limit);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
