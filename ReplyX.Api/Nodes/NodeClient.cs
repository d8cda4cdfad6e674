using System.Net;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using ReplyX.Messaging.Nodes;

namespace ReplyX.Api.Nodes;

/// <summary>
/// Sends requests to one particular node, for its metrics and to drain it. It does not use the client factory, whose service discovery
/// could choose another node, and whose retries would take half a minute for a node that is gone.
/// </summary>
internal sealed class NodeClient : IDisposable
{
    // Shorter than Prometheus' own timeout of 4 s, so that it gets an answer with the reason.
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(3);

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

    /// <returns>The metrics and their content type, or null if the node did not answer.</returns>
    public async Task<(byte[] Content, string? Type)?> GetMetricsAsync(
        NodeReport node, HttpRequest caller, CancellationToken cancellationToken) =>
        (await SendAsync<(byte[], string?)?>(
            HttpMethod.Get,
            new Uri(node.Address, "/metrics"),
            caller,
            async content => (await content.ReadAsByteArrayAsync(cancellationToken), content.Headers.ContentType?.ToString()),
            cancellationToken)).Value;

    /// <summary>Reads a node's metrics for this service itself.</summary>
    /// <param name="node">The node.</param>
    /// <param name="token">The metrics token; null where there is none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The metrics as text, or null if the node did not answer.</returns>
    public async Task<string?> ReadMetricsAsync(NodeReport node, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Address, "/metrics"));
        request.Headers.TryAddWithoutValidation(HeaderNames.Accept, "text/plain; version=0.0.4");
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation(HeaderNames.Authorization, $"Bearer {token}");
        }

        return (await SendAsync(request, content => content.ReadAsStringAsync(cancellationToken), cancellationToken)).Value;
    }

    /// <summary>Takes a node out of service (<c>drain</c>) or puts it back (<c>undrain</c>).</summary>
    /// <returns>The node's state, or the reason why it did not obey.</returns>
    public async Task<(NodeDrainState? State, Problem? Problem)> CommandAsync(
        NodeReport node, string command, HttpRequest caller, CancellationToken cancellationToken)
    {
        var (state, status) = await SendAsync(
            HttpMethod.Post,
            new Uri(node.Address, $"/internal/{command}"),
            caller,
            content => content.ReadFromJsonAsync(ApiJson.Default.NodeDrainState, cancellationToken),
            cancellationToken);
        return (state, status) switch
        {
            (not null, _) => (state, null),
            (_, HttpStatusCode.Conflict) => (null, Problem.NodeStopping),
            (_, HttpStatusCode.Unauthorized) => (null, Problem.NodeRefused),
            _ => (null, Problem.NodeUnreachable),
        };
    }

    // The caller's token is passed on, because the node requires the same one.
    private async Task<(T? Value, HttpStatusCode? Status)> SendAsync<T>(
        HttpMethod method, Uri address, HttpRequest caller, Func<HttpContent, Task<T>> read, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address);
        CopyHeader(HeaderNames.Authorization);
        CopyHeader(HeaderNames.Accept);
        return await SendAsync(request, read, cancellationToken);

        void CopyHeader(string header)
        {
            if (caller.Headers.TryGetValue(header, out var values))
            {
                request.Headers.TryAddWithoutValidation(header, (IEnumerable<string?>)values);
            }
        }
    }

    private async Task<(T? Value, HttpStatusCode? Status)> SendAsync<T>(
        HttpRequestMessage request, Func<HttpContent, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            return (response.IsSuccessStatusCode ? await read(response.Content) : default, response.StatusCode);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            return default;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return default;
        }
    }

    public void Dispose() => _http.Dispose();
}
