using System.Globalization;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>Clients that come back for much and then read nothing.</summary>
public sealed class StalledResumeTests
{
    private const string Realtime = "ReplyX.Realtime";
    private const int Stalled = 40;

    // Of 24 KB each: more than the system takes for a socket that is not read.
    private const int Events = 800;

    // The sockets are never silent for too long, so that nothing but their reading nothing ends them.
    private static readonly Dictionary<string, string> _patient = new()
    {
        ["Realtime__SilenceTimeout"] = "00:10:00",
        ["Realtime__SendTimeout"] = "00:00:02",
        ["Limits__SocketsPerPrincipal"] = "1000",
        ["Limits__SocketsPerDialog"] = "1000",
    };

    // A reader that is slow, and itself held up now and then, as where a machine has much to do.
    private static readonly Dictionary<string, string> _slow = new(_patient) { ["Realtime__SendTimeout"] = "00:00:10" };

    // By far less than any other bound on a socket's life.
    private static readonly TimeSpan _promptly = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_client_that_resumes_and_reads_nothing_is_closed_as_a_slow_reader()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var helper = await RealtimeNode.StartAsync(redis);
        await using var node = await PublishedService.StartAsync(Realtime, Settings(redis));
        using var metrics = new NodeMetrics(node.Address);
        var (dialog, token) = await OpenLongDialogAsync(helper);
        using var stalled = await FrameSocket.OpenAndGreetAsync(node.Address, Path(dialog), token, "0-0", receiveBuffer: 4_096);

        await metrics.UntilAsync("websocket_connections_total", "type=\"widget\"", 0, _promptly);
        Assert.Equal(1, await metrics.SumAsync("websocket_slow_consumers_total", "type=\"widget\""));
        Assert.Equal(1, await metrics.SumAsync("websocket_disconnects_total", "code=\"4010\""));
    }

    [Fact]
    public async Task A_client_that_resumes_slowly_but_reads_is_served_to_the_end()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var helper = await RealtimeNode.StartAsync(redis);
        await using var node = await PublishedService.StartAsync(Realtime, Settings(redis, _slow));
        var (dialog, token) = await OpenLongDialogAsync(helper);
        using var slow = await FrameSocket.OpenAndGreetAsync(node.Address, Path(dialog), token, "0-0", receiveBuffer: 64 * 1024);

        // All in all longer than a socket may take nothing, and at no time that long without taking something.
        for (var seq = 1; seq <= Events + 1; seq++)
        {
            var frame = await slow.ReadAsync($"event {seq}");
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"\"seq\":{seq},"), frame?.ToString() ?? "the end", StringComparison.Ordinal);
            await Task.Delay(seq % 10 == 0 ? 175 : 0, TestTimeout.Token());
        }
    }

    [Fact]
    public async Task Clients_that_resume_and_read_nothing_take_no_more_memory_than_the_nodes_budget()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var helper = await RealtimeNode.StartAsync(redis);
        var settings = Settings(redis);
        settings["Messaging__MaxPageBytes"] = "4194304";
        settings["Realtime__MaxQueuedBytes"] = "8388608";
        settings["Realtime__MaxBacklogBytes"] = "16777216";

        // What is let go of is given back soon, so that what is counted is what is held.
        settings["DOTNET_gcServer"] = "0";
        settings["DOTNET_GCgen0size"] = "0x400000";
        await using var node = await PublishedService.StartAsync(Realtime, settings);
        using var metrics = new NodeMetrics(node.Address);
        var (dialog, token) = await OpenLongDialogAsync(helper);

        // The first one, which reads, has the node load what it needs for the others.
        using (var reader = await FrameSocket.OpenAndGreetAsync(node.Address, Path(dialog), token, "0-0"))
        {
            for (var i = 0; i <= Events; i++)
            {
                await reader.ReadAsync("an event");
            }
        }

        var before = ResetPeak(node.ProcessId);
        List<FrameSocket> stalled = [];
        for (var i = 0; i < Stalled; i++)
        {
            stalled.Add(await FrameSocket.OpenAsync(node.Address, Path(dialog), token, "0-0", receiveBuffer: 4_096));
        }

        // Whether they are closed is another test's: here only what they took until then.
        try
        {
            await metrics.UntilAsync("websocket_connections_total", "type=\"widget\"", 0, _promptly);
        }
        catch (Xunit.Sdk.XunitException)
        {
            // They are as they are.
        }

        var taken = Status(node.ProcessId, "VmHWM") - before;
        stalled.ForEach(socket => socket.Dispose());
        Assert.True(taken < 128 * 1024, $"{Stalled} clients that read nothing took {taken / 1024} MiB; the budget is 16 MiB");
    }

    private static Dictionary<string, string> Settings(RedisServer redis, Dictionary<string, string>? patience = null)
    {
        var settings = PublishedService.Settings(redis.ConnectionString);
        foreach (var (key, value) in patience ?? _patient)
        {
            settings[key] = value;
        }

        return settings;
    }

    private static async Task<(StreamKey Dialog, string Token)> OpenLongDialogAsync(RealtimeNode helper)
    {
        var (dialog, token) = await helper.OpenDialogAsync();
        var text = new string('漢', 8_000);

        // One alone, which brings the script; the client library may drop a connection on which it and many of these are begun at once.
        await helper.SayAsync(dialog, text);
        foreach (var some in Enumerable.Range(0, Events).Chunk(10))
        {
            await Task.WhenAll(some.Select(_ => helper.SayAsync(dialog, text)));
        }

        return (dialog, token);
    }

    private static string Path(StreamKey dialog) => $"/ws/widget/dialogs/{dialog.DialogId}";

    // The most memory that a process had begins anew with what it has now, in KiB.
    private static long ResetPeak(int process)
    {
        File.WriteAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/clear_refs"), "5");
        return Status(process, "VmHWM");
    }

    private static long Status(int process, string name)
    {
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status"))
            .Single(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }
}
