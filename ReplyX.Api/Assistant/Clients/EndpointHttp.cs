using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace ReplyX.Api.Assistant.Clients;

/// <summary>
/// The one way to the endpoints that accounts' owners have entered. Where a connection leads is checked as it is made, by the address and
/// not by the name, which may mean another address a moment later. Redirects are not followed, and a proxy would connect unchecked.
/// </summary>
internal sealed class EndpointHttp : IDisposable
{
    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _connectionLifetime = TimeSpan.FromMinutes(5);

    private readonly bool _allowPrivate;

    public EndpointHttp(IOptions<AssistantOptions> options)
    {
        _allowPrivate = options.Value.AllowPrivateEndpoints;
        Client = new HttpClient(new BoundedResponses(options.Value.MaxResponseBytes)
        {
            InnerHandler = new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                ConnectTimeout = _connectTimeout,
                PooledConnectionLifetime = _connectionLifetime,
                ConnectCallback = ConnectAsync,
            },
        })
        {
            // Every call brings a limit of its own.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public HttpClient Client { get; }

    /// <summary>Whether an owner may enter an endpoint. Names are resolved when it is called, not now.</summary>
    public bool MayBeEntered(Uri endpoint) =>
        _allowPrivate || (!IsLocalName(endpoint.IdnHost) && (!IPAddress.TryParse(endpoint.IdnHost, out var address) || PublicAddress.IsPublic(address)));

    public void Dispose() => Client.Dispose();

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(host, cancellationToken);

        // All of them: a name that also leads inside is meant to.
        if (!_allowPrivate && !Array.TrueForAll(addresses, PublicAddress.IsPublic))
        {
            throw new EndpointRefusedException("The endpoint is not on the public Internet.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Ends a response that is longer than any answer, whatever its reader would do with it.</summary>
    private sealed class BoundedResponses(int most) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            var content = new StreamContent(new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken), most));
            foreach (var (name, values) in response.Content.Headers)
            {
                content.Headers.TryAddWithoutValidation(name, values);
            }

            response.Content = content;
            return response;
        }
    }
}
