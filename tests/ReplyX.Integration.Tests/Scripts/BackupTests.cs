using System.Diagnostics;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Scripts;

/// <summary>backup.sh and restore.sh: Redis and the archive are copied while visitors write, and brought up on an empty machine.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public BackupTests()
    {
        foreach (var tool in (string[])["bash", "redis-cli", "rsync", "flock"])
        {
            RequiredTool.Path(tool);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_written_before_is_there_after_and_clients_are_told_of_the_rest()
    {
        await using var first = await RedisServer.StartAsync(RedisKind.Redis);
        StreamKey dialog;
        string token;
        var cursors = new List<Cursor>();
        long before;
        string backup;
        await using (var node = await RealtimeNode.StartAsync(first, Archived("archive")))
        {
            (dialog, token) = await node.OpenDialogAsync();
            await SayAsync(node, dialog, 80, cursors);
            await UntilArchivedAsync();

            // Written all the while: what is acknowledged before it begins must be in it, what comes after it cannot be.
            using var isOver = new CancellationTokenSource();
            before = cursors[^1].Seq;
            var writing = SayUntilAsync(node, dialog, cursors, isOver.Token);
            backup = await MakeAsync(first, "--archive", _folder.File("archive"));
            await isOver.CancelAsync();
            await writing;
            await SayAsync(node, dialog, 20, cursors);
        }

        await first.KillAsync();
        await using var second = await RestoredAsync(first, backup);
        await using var restored = await RealtimeNode.StartAsync(second, Archived("other/archive"));

        var head = await restored.Log.GetHeadAsync(dialog, TestTimeout.Token());
        Assert.InRange(head.Seq, before, cursors[^21].Seq);
        Assert.Equal(cursors.Where(cursor => cursor.Seq <= head.Seq), await ReadAllAsync(restored, dialog));

        // Who had seen no more than that goes on; who had is told, and both hear what comes.
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        var (older, greeting) = await TestSocket.OpenAsync(restored.Url, path, token, cursors[9].ToString());
        await using var _ = older;
        Assert.True(greeting.GetProperty("recovered").GetBoolean());
        for (var seq = cursors[10].Seq; seq <= head.Seq; seq++)
        {
            Assert.Equal(seq, (await older.ReceiveAsync()).GetProperty("seq").GetInt64());
        }

        var (younger, answer) = await TestSocket.OpenAsync(restored.Url, path, token, cursors[^1].ToString());
        await using var __ = younger;
        Assert.False(answer.GetProperty("recovered").GetBoolean());
        var next = await restored.SayAsync(dialog, "after the restore");
        Assert.Equal(head.Seq + 1, next.Seq);
        Assert.DoesNotContain(next.Cursor, cursors);
        Assert.Equal(next.Seq, (await older.ReceiveAsync()).GetProperty("seq").GetInt64());
        Assert.Equal(next.Seq, (await younger.ReceiveAsync()).GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task A_second_backup_takes_no_room_for_old_segments_and_Redis_goes_on_as_before()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis, "--auto-aof-rewrite-percentage", "73");
        await using (var node = await RealtimeNode.StartAsync(redis, Archived("archive")))
        {
            var (dialog, _) = await node.OpenDialogAsync();
            await SayAsync(node, dialog, 40, []);
            await UntilArchivedAsync();
        }

        // In the middle of a rewrite, which it waits for.
        await redis.AskAsync("BGREWRITEAOF");
        var one = await MakeAsync(redis, "--archive", _folder.File("archive"));
        Assert.Contains("73", await redis.AskAsync("CONFIG", "GET", "auto-aof-rewrite-percentage"), StringComparison.Ordinal);
        await UntilAnotherSecondAsync(one);
        var two = await MakeAsync(redis, "--archive", _folder.File("archive"), "--keep", "2");
        var segment = Path.GetRelativePath(one, Directory.GetFiles(one, "*.rxs", SearchOption.AllDirectories)[0]);
        Assert.Equal(await InodeAsync(Path.Combine(one, segment)), await InodeAsync(Path.Combine(two, segment)));

        // The oldest goes only when the new one is whole.
        await UntilAnotherSecondAsync(two);
        var (failed, _) = await RunAsync("backup.sh", "--data", _folder.File("elsewhere"), "--to", _folder.File("backups"), "--keep", "1");
        Assert.Equal(64, failed);
        Assert.True(Directory.Exists(one));
        await MakeAsync(redis, "--archive", _folder.File("archive"), "--keep", "2");
        Assert.False(Directory.Exists(one));
        Assert.True(Directory.Exists(two));
    }

    [Fact]
    public async Task What_is_damaged_unfinished_or_would_overwrite_something_is_not_restored()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await redis.AskAsync("SET", "a", "1");
        var backup = await MakeAsync(redis);
        var target = _folder.File("target");

        Assert.Contains("an empty Redis alone", await RefusedAsync(64, "--from", backup, "--data", redis.DataDirectory), StringComparison.Ordinal);
        Assert.Contains("has no archive", await RefusedAsync(64, "--from", backup, "--data", target, "--archive", _folder.File("a")), StringComparison.Ordinal);
        Assert.Contains("no backup", await RefusedAsync(64, "--from", _folder.Path, "--data", target), StringComparison.Ordinal);
        var file = Directory.GetFiles(backup, "*.incr.aof", SearchOption.AllDirectories).Single();
        File.AppendAllText(file, "x");
        Assert.Contains("damaged", await RefusedAsync(1, "--from", backup, "--data", target), StringComparison.Ordinal);
        Directory.Move(backup, backup + ".partial");
        Assert.Contains("never finished", await RefusedAsync(64, "--from", backup + ".partial", "--data", target), StringComparison.Ordinal);
        Assert.False(Directory.Exists(target));
    }

    private (string Key, string Value)[] Archived(string folder) =>
    [
        ("Archive:Store", "Files"), ("Archive:Directory", _folder.File(folder)),
        ("Archive:WindowEvents", "16"), ("Archive:SegmentEvents", "8"), ("Archive:MinAge", "00:00:00"),
    ];

    // By the node itself, beside what it does.
    private async Task UntilArchivedAsync()
    {
        while (Directory.GetFiles(_folder.File("archive"), "*.rxs", SearchOption.AllDirectories).Length == 0)
        {
            await Task.Delay(20, TestTimeout.Token());
        }
    }

    private static async Task SayAsync(RealtimeNode node, StreamKey dialog, int count, List<Cursor> cursors)
    {
        for (var i = 0; i < count; i++)
        {
            cursors.Add((await node.SayAsync(dialog, "said")).Cursor);
        }
    }

    private static async Task SayUntilAsync(RealtimeNode node, StreamKey dialog, List<Cursor> cursors, CancellationToken isOver)
    {
        while (!isOver.IsCancellationRequested)
        {
            await SayAsync(node, dialog, 1, cursors);
        }
    }

    // All but the welcome.
    private static async Task<List<Cursor>> ReadAllAsync(RealtimeNode node, StreamKey dialog)
    {
        var read = new List<Cursor>();
        for (LogPage? page = null; page is null or { HasMore: true };)
        {
            page = await node.Log.ReadFromAsync(dialog, read.Count + 2, 64, TestTimeout.Token());
            read.AddRange(page.Entries.Select(entry => entry.Cursor));
        }

        return read;
    }

    private async Task<string> MakeAsync(RedisServer redis, params string[] options)
    {
        var (code, output) = await RunAsync(
            "backup.sh", ["--data", redis.DataDirectory, "--to", _folder.File("backups"), "--cli", $"redis-cli -p {redis.Port}", .. options]);
        Assert.True(code == 0, output);
        return output.TrimEnd().Split('\n')[^1];
    }

    private async Task<RedisServer> RestoredAsync(RedisServer before, string backup)
    {
        var (code, output) = await RunAsync("restore.sh", "--from", backup, "--data", _folder.File("other/redis"), "--archive", _folder.File("other/archive"));
        Assert.True(code == 0, output);
        Assert.False(Directory.Exists(_folder.File("other/redis/dump.rdb")));
        return await RedisServer.StartAsync(before.Kind, "--dir", _folder.File("other/redis"));
    }

    private static async Task<string> RefusedAsync(int expected, params string[] options)
    {
        var (code, output) = await RunAsync("restore.sh", options);
        Assert.True(code == expected, $"{code}: {output}");
        return output;
    }

    private static Task<(int ExitCode, string Output)> RunAsync(string script, params string[] arguments) =>
        Script.RunAsync(Path.Combine("backup", script), arguments, []);

    // A backup is named by its second.
    private static async Task UntilAnotherSecondAsync(string backup)
    {
        while (DateTime.UtcNow.ToString("yyyyMMddTHHmmssZ", System.Globalization.CultureInfo.InvariantCulture) == Path.GetFileName(backup)["replyx-".Length..])
        {
            await Task.Delay(20, TestTimeout.Token());
        }
    }

    private static async Task<string> InodeAsync(string file)
    {
        var start = new ProcessStartInfo(RequiredTool.Path("stat")) { ArgumentList = { "--format=%i", file } };
        var (code, output) = await Command.RunAsync(start);
        Assert.Equal(0, code);
        return output.Trim();
    }
}
