using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using ReplyX.Smoke.Checks;

namespace ReplyX.Smoke.Wire;

/// <summary>What a service says of itself over HTTP.</summary>
internal sealed class ServiceClient : IDisposable
{
    /// <summary>More than any report has, and little enough to be held.</summary>
    private const int MostBytes = 1024 * 1024;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly string? _platformToken;

    public ServiceClient(Uri address, Line line, string? platformToken)
    {
        _platformToken = platformToken;
        Name = address.ToString().TrimEnd('/');
        _http = line.ToClient(address, _patience);
        _http.MaxResponseContentBufferSize = MostBytes;
    }

    public string Name { get; }

    /// <summary>Asks for a report, which must be a JSON object.</summary>
    public async Task<(int Status, JsonElement Report)> AskAsync(string path, Deadline deadline)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (_platformToken is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _platformToken);
        }

        try
        {
            using var answer = await _http.SendAsync(request, deadline.Token);
            var body = await answer.Content.ReadAsByteArrayAsync(deadline.Token);
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? ((int)answer.StatusCode, document.RootElement.Clone())
                : throw NoReport(path, (int)answer.StatusCode);
        }
        catch (JsonException)
        {
            throw NoReport(path, null);
        }
        catch (HttpRequestException e)
        {
            throw new CheckFailedException($"{Name}/{path} does not answer: {e.InnerException?.Message ?? e.Message}", isUnreachable: true);
        }
        catch (OperationCanceledException)
        {
            throw new CheckFailedException(
                deadline.IsInterrupted ? "interrupted" : $"{Name}/{path} does not answer in time", isUnreachable: !deadline.IsInterrupted);
        }
    }

    public void Dispose() => _http.Dispose();

    private CheckFailedException NoReport(string path, int? status)
        => new(string.Create(CultureInfo.InvariantCulture, $"{Name}/{path} is no report{(status is null ? "" : $", it answers {status}")}"));
}
