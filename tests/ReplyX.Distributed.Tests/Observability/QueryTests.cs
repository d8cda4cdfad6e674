using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using ReplyX.Distributed.Tests.Graph;
using ReplyX.Testing;

namespace ReplyX.Distributed.Tests.Observability;

/// <summary>
/// Every query of every panel, annotation and rule, on a live graph with traffic: Prometheus takes it, the metrics and labels that it
/// names are there, and it returns something.
/// </summary>
[Collection(OnObservedGraph.Name)]
public sealed partial class QueryTests
{
    // Of the longest interval between two evaluations of a rule, which is a minute, and a little for the next ones.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    private static readonly string[] _ofPrometheus = ["up", "ALERTS"];
    private static readonly string[] _ofEveryTarget = ["job", "instance"];

    private readonly ObservedGraph _graph;
    private readonly DocumentedMetrics _documented = DocumentedMetrics.Read();

    public QueryTests(ObservedGraph graph)
    {
        graph.Require();
        _graph = graph;
    }

    [Fact]
    public async Task Every_query_of_dashboards_and_rules_finds_what_it_asks_for()
    {
        using var prometheus = _graph.Prometheus;
        var rules = await RulesAsync();
        var recorded = rules.Where(rule => !rule.IsAlert).Select(rule => rule.Name).ToHashSet();
        await using var traffic = await SteadyTraffic.StartAsync(_graph);

        List<(string From, string Query, bool MustReturn)> queries =
        [
            .. Panels(),
            .. rules.Select(rule => ($"rule {rule.Name}", rule.Query, MustReturn: !rule.IsAlert)),
        ];
        Assert.True(queries.Count > 150, $"{queries.Count} queries were found");

        var deadline = TestTimeout.Token(_patience);
        List<string> problems;
        do
        {
            await Task.Delay(TimeSpan.FromSeconds(2), CancellationToken.None);
            problems = [];
            foreach (var (from, query, mustReturn) in queries)
            {
                if (await FindProblemAsync(prometheus, query, mustReturn, recorded) is { } problem)
                {
                    problems.Add($"{from}: {problem}\n    {query}");
                }
            }
        }
        while (problems.Count > 0 && !deadline.IsCancellationRequested);

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    private async Task<string?> FindProblemAsync(PrometheusClient prometheus, string query, bool mustReturn, HashSet<string> recorded)
    {
        // A month in steps of five minutes has nothing to show for the first five.
        var asked = Subquery().Replace(query, "[10m:5s]");
        try
        {
            if ((await prometheus.QueryAsync(asked)).Count == 0 && mustReturn)
            {
                return "it returns nothing";
            }
        }
        catch (InvalidOperationException refused)
        {
            return refused.Message;
        }

        var names = PromqlNames.Read(query);
        HashSet<string> labels = [.. _ofEveryTarget];
        foreach (var (metric, matchers) in names.Selectors)
        {
            if (!_ofPrometheus.Contains(metric) && !recorded.Contains(metric) && !IsDocumented(metric))
            {
                return $"{metric} is not documented";
            }

            // There are none while nothing is wrong.
            if (metric == "ALERTS")
            {
                labels.UnionWith(["alertname", "alertstate", "severity"]);
                continue;
            }

            var live = await prometheus.LabelsOfAsync(metric);
            if (live.Count == 0)
            {
                // What is recorded over a month has its first point after five minutes; that its rule returns something is asked of the rule.
                if (recorded.Contains(metric))
                {
                    continue;
                }

                return $"{metric} has no series";
            }

            labels.UnionWith(live);
            foreach (var (label, op, value) in matchers)
            {
                if (!live.Contains(label))
                {
                    return $"{metric} has no label {label}";
                }

                if (FindUnknownValue(metric, label, op, value) is { } unknown)
                {
                    return $"{metric} never has {label}=\"{unknown}\"";
                }
            }
        }

        return query.Contains("label_replace", StringComparison.Ordinal) || names.Grouped.IsSubsetOf(labels)
            ? null
            : $"no metric of it has the labels {string.Join(", ", names.Grouped.Except(labels))}";
    }

    private bool IsDocumented(string metric) => new[] { metric, Part().Replace(metric, "") }.Any(family =>
        _documented.All.Any(one => one.Family == family)
        || _documented.Libraries.Any(name => name == family || (name.EndsWith('_') && family.StartsWith(name, StringComparison.Ordinal))));

    // Of alternatives that are plain words each, which is what ours are.
    private string? FindUnknownValue(string metric, string label, string op, string value) =>
        _documented.ValuesOf(Part().Replace(metric, ""), label) is { } known && op is "=" or "=~"
            ? value.Split('|').FirstOrDefault(one => Word().IsMatch(one) && !known.Contains(one) && !int.TryParse(one, out _))
            : null;

    private static IEnumerable<(string From, string Query, bool MustReturn)> Panels()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.File("observability", "grafana", "dashboards"), "*.json"))
        {
            var dashboard = JsonDocument.Parse(File.ReadAllText(file)).RootElement;
            foreach (var panel in dashboard.GetProperty("panels").EnumerateArray())
            {
                foreach (var target in panel.GetProperty("targets").EnumerateArray())
                {
                    // While nothing is wrong there are no alerts to list.
                    var query = target.GetProperty("expr").GetString()!;
                    yield return (
                        $"{Path.GetFileName(file)}, {panel.GetProperty("title").GetString()}",
                        WithoutVariables(query),
                        MustReturn: !query.Contains("ALERTS", StringComparison.Ordinal));
                }
            }

            foreach (var annotation in dashboard.GetProperty("annotations").GetProperty("list").EnumerateArray())
            {
                if (annotation.TryGetProperty("expr", out var expression) || (annotation.TryGetProperty("target", out var target) && target.TryGetProperty("expr", out expression)))
                {
                    yield return ($"{Path.GetFileName(file)}, annotation {annotation.GetProperty("name").GetString()}", WithoutVariables(expression.GetString()!), false);
                }
            }
        }
    }

    // The variables of Grafana, with values as it would give them.
    private static string WithoutVariables(string query) => query
        .Replace("$__rate_interval", "1m", StringComparison.Ordinal)
        .Replace("$job", "realtime", StringComparison.Ordinal)
        .Replace("$instance", ".*", StringComparison.Ordinal);

    private async Task<List<(string Name, string Query, bool IsAlert)>> RulesAsync()
    {
        using var http = new HttpClient { BaseAddress = Aspire.Hosting.Testing.DistributedApplicationHostingTestingExtensions.GetEndpoint(_graph.App, "prometheus", "http") };
        var answer = await http.GetFromJsonAsync<JsonElement>("/api/v1/rules", TestTimeout.Token());
        return [.. answer.GetProperty("data").GetProperty("groups").EnumerateArray()
            .SelectMany(group => group.GetProperty("rules").EnumerateArray())
            .Select(rule => (
                rule.GetProperty("name").GetString()!,
                rule.GetProperty("query").GetString()!,
                rule.GetProperty("type").GetString() == "alerting"))];
    }

    [GeneratedRegex(@"\[30d:5m\]")]
    private static partial Regex Subquery();

    [GeneratedRegex("_(bucket|count|sum)$")]
    private static partial Regex Part();

    [GeneratedRegex("^[a-z_]+$")]
    private static partial Regex Word();
}
