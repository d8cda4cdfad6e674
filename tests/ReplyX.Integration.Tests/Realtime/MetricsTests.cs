using System.Text.RegularExpressions;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Realtime.Routes;
using ReplyX.Realtime.Telemetry;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>An exporter reads all meters of its process: another test's node would answer in this one's place.</summary>
[CollectionDefinition(nameof(MetricsTests), DisableParallelization = true)]
public sealed class MetricsAlone;

[Collection(nameof(MetricsTests))]
public sealed partial class MetricsTests
{
    [Fact]
    public async Task A_node_exposes_what_dashboards_build_on_by_these_very_names()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(
            redis, ("Realtime:MaxQueuedFrames", "16"), ("Realtime:PositionCheckInterval", "00:00:01"));
        var (dialog, token) = await node.OpenDialogAsync();
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        await using var socket = (await TestSocket.OpenAsync(node.Url, path, token, "0-0")).Socket;
        await socket.ReceiveAsync("the welcome");
        await node.SayAsync(dialog, "hello");
        await socket.ReceiveAsync("a live event");
        await using (var refused = await TestSocket.ConnectAsync(node.Url, path, "forged"))
        {
            await refused.ReceiveCloseAsync();
        }

        var leaving = (await TestSocket.OpenAsync(node.Url, path, token)).Socket;
        await leaving.CloseAsync();
        await leaving.DisposeAsync();
        node.Service<RealtimeMetrics>().SlowConsumer("widget");
        node.Service<RealtimeMetrics>().Gap("missed");

        using var http = new HttpClient { BaseAddress = node.Url };
        var text = await http.GetStringAsync("/metrics", TestTimeout.Token());
        var families = text.Split('\n')
            .Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[2]);

        Assert.Superset(new SortedSet<string>(ExposedMetrics.Realtime), new SortedSet<string>(families));
        Assert.Contains("websocket_connections_total{type=\"widget\"} ", text, StringComparison.Ordinal);
        Assert.Contains("websocket_messages_sent_total{type=\"widget\"} ", text, StringComparison.Ordinal);
        Assert.Contains("websocket_connection_errors_total{error_type=\"auth\"} 1\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_scrape_has_every_type_and_every_error_at_zero_and_the_docs_list_the_same()
    {
        // A process of its own, since an exporter listens to all meters of its process.
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await PublishedService.StartAsync("ReplyX.Realtime", PublishedService.Settings(redis.ConnectionString));
        using var http = new HttpClient { BaseAddress = node.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", PublishedService.MetricsToken);

        var text = await http.GetStringAsync("/metrics", TestTimeout.Token());

        string[] kinds = ["widget", "site", "operator", "list"];
        Assert.Equal(kinds, AtZero(text, "websocket_connections_total"));
        Assert.Equal(kinds, AtZero(text, "websocket_messages_sent_total"));
        Assert.Equal(kinds, SocketRoutes.All.Select(route => route.Type));
        Assert.Equal(ConnectionErrors.Labels, AtZero(text, "websocket_connection_errors_total"));

        var page = await File.ReadAllLinesAsync(Repository.File("docs", "websocket", "metrics.md"), TestTimeout.Token());
        var row = page.Single(line => line.StartsWith("| `websocket_connection_errors_total{error_type}`", StringComparison.Ordinal));
        Assert.Equal(ConnectionErrors.Labels.Order(), Quoted().Matches(row.Split('|')[3]).Select(match => match.Groups[1].Value).Order());

        var limits = await File.ReadAllLinesAsync(Repository.File("docs", "websocket", "limits.md"), TestTimeout.Token());
        var listed = limits.Select(line => OnlyQuoted().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);
        Assert.Subset(ConnectionErrors.Labels.ToHashSet(), listed.Where(name => name != "error_type").ToHashSet());
    }

    // The values of a series' only label, in the order of the scrape, of those that stand at zero.
    private static IEnumerable<string> AtZero(string scrape, string series) => scrape.Split('\n')
        .Where(line => line.StartsWith(series + "{", StringComparison.Ordinal) && line.Split(' ')[1] == "0")
        .Select(line => line.Split('"')[1]);

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Quoted();

    // A row whose last cell is one word in quotes.
    [GeneratedRegex(@"^\| .*\| `([a-z_]+)` \|$")]
    private static partial Regex OnlyQuoted();
}
