using System.Globalization;
using System.Net.Http.Headers;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Hosting;

/// <summary>What a node that is a process of its own tells at <c>/metrics</c>.</summary>
internal sealed class NodeMetrics : IDisposable
{
    private readonly HttpClient _http;

    public NodeMetrics(Uri node)
    {
        _http = new HttpClient { BaseAddress = node };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", PublishedService.MetricsToken);
    }

    /// <summary>The values of a family, by its labels as they stand in the scrape.</summary>
    public async Task<IReadOnlyDictionary<string, double>> ReadAsync(string family)
    {
        var text = await _http.GetStringAsync("/metrics", TestTimeout.Token());
        return text.Split('\n')
            .Where(line => line.StartsWith(family + "{", StringComparison.Ordinal))
            .Select(line => line[family.Length..].Split("} "))
            .ToDictionary(parts => parts[0] + "}", parts => double.Parse(parts[1].Split(' ')[0], CultureInfo.InvariantCulture));
    }

    /// <summary>The sum over those series of a family that have a label's value in them; over all without one.</summary>
    public async Task<double> SumAsync(string family, string label = "") =>
        (await ReadAsync(family)).Where(series => series.Key.Contains(label, StringComparison.Ordinal)).Sum(series => series.Value);

    /// <summary>Waits until the sum is what is expected; the failure says what it was instead.</summary>
    public async Task UntilAsync(string family, string label, double expected, TimeSpan limit)
    {
        var deadline = TestTimeout.Token(limit);
        double sum;
        while ((sum = await SumAsync(family, label)) != expected)
        {
            Assert.False(deadline.IsCancellationRequested, $"{family}{{{label}}} is {sum} after {limit.TotalSeconds:0} s, not {expected}");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    public void Dispose() => _http.Dispose();
}
