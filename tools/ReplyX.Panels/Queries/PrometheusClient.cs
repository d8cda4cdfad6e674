using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ReplyX.Panels.Dashboards;

namespace ReplyX.Panels.Queries;

/// <summary>Prometheus's HTTP API, as far as dashboards need it.</summary>
internal sealed class PrometheusClient(HttpClient http)
{
    /// <summary>A query for more points a series is refused.</summary>
    public const int PointLimit = 11_000;

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    // Prometheus' own default, and Grafana's.
    private static readonly TimeSpan _usualScrapeInterval = TimeSpan.FromSeconds(15);

    public static HttpClient Connect(Uri prometheus) => new() { BaseAddress = prometheus, Timeout = _limit };

    public Task<IReadOnlyList<PrometheusSeries>> RangeAsync(string query, TimeRange range, CancellationToken cancellation) => QueryAsync(
        "api/v1/query_range",
        [new("query", query), new("start", Number(range.From)), new("end", Number(range.To)), new("step", Number(range.Step.TotalSeconds))],
        cancellation);

    public Task<IReadOnlyList<PrometheusSeries>> InstantAsync(string query, DateTimeOffset time, CancellationToken cancellation)
        => QueryAsync("api/v1/query", [new("query", query), new("time", Number(time.ToUnixTimeMilliseconds() / 1000d))], cancellation);

    /// <summary>The longest interval of those that are scraped: what is right for it is right for the others.</summary>
    public async Task<TimeSpan> ScrapeIntervalAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("api/v1/targets?state=active", UriKind.Relative));
        var targets = await SendAsync(request, PrometheusJson.Default.PrometheusTargets, cancellation);
        return (targets.ActiveTargets ?? [])
            .Select(target => Duration.TryParse(target.ScrapeInterval, out var interval) ? interval : _usualScrapeInterval)
            .DefaultIfEmpty(_usualScrapeInterval)
            .Max();
    }

    private async Task<IReadOnlyList<PrometheusSeries>> QueryAsync(string path, KeyValuePair<string, string>[] form, CancellationToken cancellation)
    {
        // Posted, since a query may be longer than proxies let a URL be.
        using var content = new FormUrlEncodedContent(form);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = content };
        var data = await SendAsync(request, PrometheusJson.Default.PrometheusQueryData, cancellation);
        return data.ResultType switch
        {
            "matrix" or "vector" => data.Result.Deserialize(PrometheusJson.Default.ListPrometheusSeries) ?? [],
            "scalar" => [new(Value: data.Result.Deserialize(PrometheusJson.Default.Sample))],
            _ => throw new QueryException($"gives a {data.ResultType}, which is not drawn"),
        };
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        PrometheusAnswer? answer;
        try
        {
            using var response = await http.SendAsync(request, cancellation);
            answer = JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(cancellation), PrometheusJson.Default.PrometheusAnswer);
        }
        catch (HttpRequestException e)
        {
            throw new PrometheusUnreachableException($"Prometheus does not answer at {http.BaseAddress}: {e.Message}");
        }
        catch (JsonException)
        {
            throw new PrometheusUnreachableException($"what answers at {http.BaseAddress} is not Prometheus");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new QueryException($"no answer in {_limit.TotalSeconds:0} s");
        }

        return answer is { Status: "success", Data: { } data } && data.Deserialize(type) is { } read
            ? read
            : throw new QueryException($"{answer?.ErrorType}: {answer?.Error}");
    }

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
