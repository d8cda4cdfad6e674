using System.Net;
using Microsoft.Net.Http.Headers;
using ReplyX.Messaging.Nodes;

namespace ReplyX.Api.Nodes;

/// <summary>
/// Fetches a node's metrics from the node itself. Not a client of the factory: its retries and service discovery would turn a dead
/// node's scrape into another one's, or into half a minute.
/// </summary>
internal sealed class NodeMetricsClient : IDisposable
{
    // Below Prometheus' own time-out of 10 s, so that its answer says what is wrong.
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    // A node exposes some hundred series, 100 bytes each.
    private const int MaxBytes = 8 * 1024 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    })
    {
        Timeout = _timeout,
        MaxResponseContentBufferSize = MaxBytes,
    };

    /// <returns>The exposition and its type, or null if the node did not give it.</returns>
    public async Task<(byte[] Content, string? Type)?> GetAsync(NodeReport node, HttpRequest caller, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Address, "/metrics"));
        Pass(HeaderNames.Authorization);
        Pass(HeaderNames.Accept);
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode
                ? (await response.Content.ReadAsByteArrayAsync(cancellationToken), response.Content.Headers.ContentType?.ToString())
                : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }

        void Pass(string header)
        {
            if (caller.Headers.TryGetValue(header, out var values))
            {
                request.Headers.TryAddWithoutValidation(header, (IEnumerable<string?>)values);
            }
        }
    }

    public void Dispose() => _http.Dispose();
}
