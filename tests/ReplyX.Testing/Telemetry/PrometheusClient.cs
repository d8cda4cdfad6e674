using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace ReplyX.Testing;

/// <summary>A series' value at one moment.</summary>
public sealed record PrometheusSample(IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>Asks a Prometheus server.</summary>
public sealed class PrometheusClient(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address };

    /// <summary>Evaluates an expression now.</summary>
    /// <exception cref="InvalidOperationException">It is refused; the message says why.</exception>
    public async Task<IReadOnlyList<PrometheusSample>> QueryAsync(string expression)
    {
        var data = await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}");
        return data.GetProperty("resultType").GetString() == "vector"
            ? [.. data.GetProperty("result").EnumerateArray().Select(sample => new PrometheusSample(
                sample.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!),
                double.Parse(sample.GetProperty("value")[1].GetString()!.Replace("+Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture)))]
            : [new PrometheusSample(new Dictionary<string, string>(), double.Parse(data.GetProperty("result")[1].GetString()!, CultureInfo.InvariantCulture))];
    }

    /// <summary>The names of the labels that a metric's series have now.</summary>
    public async Task<IReadOnlySet<string>> LabelsOfAsync(string metric)
    {
        var data = await GetAsync($"/api/v1/labels?match[]={Uri.EscapeDataString(metric)}");
        return data.EnumerateArray().Select(name => name.GetString()!).ToHashSet();
    }

    /// <summary>Waits until an expression returns something.</summary>
    public async Task UntilAsync(string expression, TimeSpan limit)
    {
        var deadline = TestTimeout.Token(limit);
        while ((await QueryAsync(expression)).Count == 0)
        {
            Assert.False(deadline.IsCancellationRequested, $"nothing for {expression} within {limit.TotalSeconds:0} s");
            await Task.Delay(500, CancellationToken.None);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), TestTimeout.Token());
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(TestTimeout.Token());
        return answer.GetProperty("status").GetString() == "success"
            ? answer.GetProperty("data")
            : throw new InvalidOperationException(answer.GetProperty("error").GetString());
    }
}
