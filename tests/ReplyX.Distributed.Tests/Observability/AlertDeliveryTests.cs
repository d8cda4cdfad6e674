using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ReplyX.Client;
using ReplyX.Distributed.Tests.Graph;
using ReplyX.Testing;

namespace ReplyX.Distributed.Tests.Observability;

/// <summary>
/// From a fault to the message that people get: the running graph, with the rules as they are shipped, a webhook like Slack's, and a mail
/// server.
/// </summary>
[Collection(OnObservedGraph.Name)]
public sealed class AlertDeliveryTests
{
    // What rules and groups wait for, and as much again for a busy machine.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(4);

    private static readonly string[] _consequences = ["ScrapeFails", "NodeLost", "ConnectsFail"];

    private readonly ObservedGraph _graph;

    public AlertDeliveryTests(ObservedGraph graph)
    {
        graph.Require();
        _graph = graph;
    }

    [Fact]
    public async Task A_killed_replica_is_told_to_Slack_and_by_mail_and_so_is_its_return()
    {
        using var prometheus = _graph.Prometheus;

        // Lasting, as the rule wants it: a node that was only seen in passing is not missed.
        await prometheus.UntilAsync("replyx:realtime_nodes:accounted_min30s == 2", _patience);
        var (row, process) = await FindReplicaAsync();

        var mark = Mark();
        process.Kill();

        var told = await UntilToldAsync(mark, "CRITICAL", "NodeLost");
        Assert.Contains("https://docs.replyx.example/runbook#nodelost", told, StringComparison.Ordinal);
        await UntilMailedAsync(mark, "Subject: CRITICAL", "#nodelost");

        await _graph.CommandAsync(row, "start");
        await UntilToldAsync(mark, "RESOLVED", "NodeLost");
        await UntilMailedAsync(mark, "Subject: RESOLVED", "NodeLost");
        await _graph.WaitUntilHealthyAgainAsync("realtime");
    }

    [Fact]
    public async Task A_Redis_that_stalls_is_told_as_what_it_is_and_nothing_that_follows_from_it()
    {
        using var prometheus = _graph.Prometheus;
        await prometheus.UntilAsync("replyx:redis:up == 1", _patience);
        var mark = Mark();
        using var redis = Process.GetProcessById(await FindRedisAsync());
        using var http = new HttpClient { BaseAddress = _graph.Alertmanager };
        redis.Send(Signal.Stop);
        try
        {
            await UntilToldAsync(mark, "CRITICAL", "BackplaneDown");

            // The nodes are measured all the while: the Api relays to those that it knew.
            await prometheus.UntilAsync("count(up{job=\"realtime\"} == 1) == 2 and on () count(backplane_connected == 0) == 2", _patience);

            // What the rules themselves do not hold back, Alertmanager does.
            foreach (var name in _consequences)
            {
                await RaiseAsync(http, name, DateTimeOffset.UtcNow.AddMinutes(5));
            }

            var deadline = TestTimeout.Token(_patience);
            while (await StatesAsync(http) is var states
                && (!_consequences.All(states.ContainsKey) || states.Any(alert => alert.Key != "BackplaneDown" && alert.Value != "suppressed")))
            {
                Assert.False(deadline.IsCancellationRequested, string.Join(", ", states));
                await Task.Delay(200, CancellationToken.None);
            }

            // Over before their cause is, or they would be told then.
            foreach (var name in _consequences)
            {
                await RaiseAsync(http, name, DateTimeOffset.UtcNow);
            }
        }
        finally
        {
            redis.Send(Signal.Continue);
        }

        await UntilToldAsync(mark, "RESOLVED", "BackplaneDown");
        Assert.DoesNotContain(
            _graph.Slack.Messages.Skip(mark.Slack), message => !message.Contains("BackplaneDown", StringComparison.Ordinal) && message.Contains("CRITICAL", StringComparison.Ordinal));
        await _graph.UntilReadyAsync("realtime");
        await _graph.UntilReadyAsync("api");
    }

    [Fact]
    public async Task A_deploy_is_silent_about_what_it_causes_itself_and_about_nothing_else()
    {
        using var http = new HttpClient { BaseAddress = _graph.Alertmanager };
        var address = _graph.Alertmanager.GetLeftPart(UriPartial.Authority);
        var (started, id) = await SilenceAsync("start", address, "--for", "10m", "--comment", "a \"deploy\"");
        Assert.True(started == 0, id);

        // Not one that NodeLost follows from: that would hold it back as well.
        foreach (var name in (string[])["NodeLost", "ConnectsFail"])
        {
            await RaiseAsync(http, name, DateTimeOffset.UtcNow.AddMinutes(5));
        }

        await UntilStateAsync(http, "NodeLost", "suppressed");
        await UntilStateAsync(http, "ConnectsFail", "active");
        foreach (var name in (string[])["NodeLost", "ConnectsFail"])
        {
            await RaiseAsync(http, name, DateTimeOffset.UtcNow);
        }

        var (ended, said) = await SilenceAsync("end", address, id.Trim());
        Assert.True(ended == 0, said);
    }

    [Fact]
    public async Task A_leak_of_sockets_is_told_before_the_pool_is_full()
    {
        // The same rules with windows of seconds in place of hours: a Prometheus of its own, which tells the graph's Alertmanager.
        using var folder = new TempDirectory();
        using var own = await StartWithShortWindowsAsync(folder);
        using var prometheus = new PrometheusClient(own.Address);
        using var leaking = CancellationTokenSource.CreateLinkedTokenSource(TestTimeout.Token(_patience));
        var mark = Mark();
        var leak = LeakAsync(leaking.Token);

        var told = await UntilToldAsync(mark, "WARNING", "PoolWillFill");

        Assert.Contains("new visitors will be refused", told, StringComparison.Ordinal);
        Assert.NotEmpty(await prometheus.QueryAsync("max(replyx:websocket_pool_fill:ratio) < 0.8"));
        await leaking.CancelAsync();
        foreach (var socket in await leak)
        {
            await socket.DisposeAsync();
        }
    }

    private async Task<(string Row, Process Process)> FindReplicaAsync()
    {
        using var http = new HttpClient { BaseAddress = _graph.Api };
        var nodes = await http.GetFromJsonAsync<JsonElement>("/internal/nodes", TestTimeout.Token());
        await foreach (var row in _graph.App.ResourceNotifications.WatchAsync(TestTimeout.Token()))
        {
            if (row.Resource.Name == "realtime"
                && row.Snapshot.EnvironmentVariables.FirstOrDefault(variable => variable.Name == "ASPNETCORE_URLS")?.Value is { } url)
            {
                var node = nodes.EnumerateArray().Single(node => new Uri(node.GetProperty("address").GetString()!).Port == new Uri(url).Port);
                return (row.ResourceId, Process.GetProcessById(node.GetProperty("pid").GetInt32()));
            }
        }

        throw new InvalidOperationException("There is no replica.");
    }

    private async Task<int> FindRedisAsync()
    {
        var info = await _graph.RedisAsync("INFO", "server");
        return int.Parse(
            info.Split('\n').Single(line => line.StartsWith("process_id:", StringComparison.Ordinal)).Trim()["process_id:".Length..], CultureInfo.InvariantCulture);
    }

    // What an earlier test caused is not what this one waits for.
    private (int Slack, int Mail) Mark() => (_graph.Slack.Messages.Count, _graph.Mail.Messages.Count);

    private Task<string> UntilToldAsync((int Slack, int Mail) mark, string state, string alert) => UntilAsync(
        () => _graph.Slack.Messages.Skip(mark.Slack).FirstOrDefault(message =>
            message.Contains($"{state}: ", StringComparison.Ordinal) && message.Contains(alert, StringComparison.Ordinal)),
        $"{state} of {alert} at the webhook",
        () => string.Join('\n', _graph.Slack.Messages));

    private Task<string> UntilMailedAsync((int Slack, int Mail) mark, string subject, string text) => UntilAsync(
        () => _graph.Mail.Messages.Skip(mark.Mail).FirstOrDefault(mail =>
            mail.Recipients.Contains($"<{ObservedGraph.MailTo}>")
            && Unfold(mail.Text).Contains(subject, StringComparison.Ordinal)
            && Unfold(mail.Text).Contains(text, StringComparison.Ordinal)).Text,
        $"a mail with {subject} and {text}",
        () => string.Join('\n', _graph.Mail.Messages.Select(mail => mail.Text)));

    // Quoted-printable breaks lines anywhere (RFC 2045 section 6.7).
    private static string Unfold(string mail) => mail.Replace("=\r\n", "", StringComparison.Ordinal);

    private static async Task<string> UntilAsync(Func<string?> find, string what, Func<string> seen)
    {
        var deadline = TestTimeout.Token(_patience);
        while (true)
        {
            if (find() is { } found)
            {
                return found;
            }

            Assert.False(deadline.IsCancellationRequested, $"no {what} within {_patience.TotalMinutes} minutes; there were:\n{seen()}");
            await Task.Delay(200, CancellationToken.None);
        }
    }

    private static async Task RaiseAsync(HttpClient alertmanager, string name, DateTimeOffset until)
    {
        object[] alerts = [new { labels = new { alertname = name, severity = "critical", raised = "by a test" }, annotations = new { summary = name }, endsAt = until }];
        using var answer = await alertmanager.PostAsJsonAsync("/api/v2/alerts", alerts, TestTimeout.Token());
        answer.EnsureSuccessStatusCode();
    }

    private static async Task UntilStateAsync(HttpClient alertmanager, string name, string state)
    {
        var deadline = TestTimeout.Token();
        while (await StatesAsync(alertmanager) is var states && states.GetValueOrDefault(name) != state)
        {
            Assert.False(deadline.IsCancellationRequested, string.Join(", ", states));
            await Task.Delay(100, CancellationToken.None);
        }
    }

    private static Task<(int ExitCode, string Output)> SilenceAsync(params string[] arguments) => Command.RunAsync(
        new ProcessStartInfo(RequiredTool.Path("bash"), [Repository.File("scripts", "alerts", "silence.sh"), .. arguments]));

    private static async Task<Dictionary<string, string>> StatesAsync(HttpClient alertmanager)
    {
        var alerts = await alertmanager.GetFromJsonAsync<JsonElement>("/api/v2/alerts", TestTimeout.Token());
        return alerts.EnumerateArray()
            .GroupBy(alert => alert.GetProperty("labels").GetProperty("alertname").GetString()!)
            .ToDictionary(group => group.Key, group => group.Last().GetProperty("status").GetProperty("state").GetString()!);
    }

    private async Task<LocalPrometheus> StartWithShortWindowsAsync(TempDirectory folder)
    {
        var copy = folder.File("prometheus");
        Directory.CreateDirectory(Path.Combine(copy, "rules"));
        foreach (var file in (string[])["start.sh", "prometheus.yml.template", "rules/alerts.yml", "rules/recording.yml"])
        {
            var text = await File.ReadAllTextAsync(Repository.File("observability", "prometheus", file), TestTimeout.Token());
            text = file.EndsWith("alerts.yml", StringComparison.Ordinal)
                ? text.Replace("[1h]", "[30s]", StringComparison.Ordinal).Replace("[30m]", "[20s]", StringComparison.Ordinal).Replace("for: 45m", "for: 10s", StringComparison.Ordinal)
                : text;
            await File.WriteAllTextAsync(Path.Combine(copy, file), text, TestTimeout.Token());
        }

        return await LocalPrometheus.StartAsync(copy, folder.File("data"), new()
        {
            ["API_URL"] = _graph.Api.GetLeftPart(UriPartial.Authority),
            ["ALERTMANAGER_URL"] = _graph.Alertmanager.GetLeftPart(UriPartial.Authority),
        });
    }

    // Sockets that nobody closes, steadily more of them.
    private async Task<List<ReplyXConnection>> LeakAsync(CancellationToken cancellationToken)
    {
        const int SocketsOfADialog = 20;
        List<ReplyXConnection> sockets = [];
        using var http = new HttpClient { BaseAddress = _graph.Api };
        var api = new ReplyXApiClient(http);
        VisitorSession? visitor = null;
        try
        {
            while (true)
            {
                visitor = sockets.Count % SocketsOfADialog == 0
                    ? new VisitorSession(api, (await api.OpenWidgetDialogAsync("demo", cancellationToken: cancellationToken)).Require())
                    : visitor;
                var socket = new ReplyXConnection(visitor!.ConnectionOptions());
                sockets.Add(socket);
                await socket.ConnectAsync(cancellationToken);
                await Task.Delay(100, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            return sockets;
        }
    }
}
