using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using ReplyX.Deploy.Tests.Hosting;

namespace ReplyX.Deploy.Tests.Traffic;

/// <summary>Asks the front door all the time whether visitors are served, each time over a new connection.</summary>
internal sealed class FrontDoorProbe : IAsyncDisposable
{
    private static readonly TimeSpan _every = TimeSpan.FromMilliseconds(150);

    private readonly HttpClient _http;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _probing;

    public FrontDoorProbe(Uri url)
    {
        _http = new HttpClient(FrontDoorClient.Handler(keepsConnections: false)) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
        _probing = ProbeAsync(_stop.Token);
    }

    public long Count { get; private set; }

    public ConcurrentQueue<string> Failures { get; } = new();

    /// <summary>Whether failures are expected.</summary>
    public bool IsOutage { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _probing;
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task ProbeAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var isOutage = IsOutage;
            try
            {
                var failure = await AskAsync(stop);
                Count++;
                if (failure is not null && !isOutage && !IsOutage)
                {
                    Failures.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} {failure}"));
                }

                await Task.Delay(_every, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task<string?> AskAsync(CancellationToken stop)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("/health/websocket", UriKind.Relative), stop);
            using var report = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(stop));
            return answer.IsSuccessStatusCode && report.RootElement.GetProperty("ready_nodes").GetInt32() > 0
                ? null
                : $"{(int)answer.StatusCode} {report.RootElement}";
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            return $"{e.GetType().Name} {e.InnerException?.Message ?? e.Message}";
        }
    }
}
