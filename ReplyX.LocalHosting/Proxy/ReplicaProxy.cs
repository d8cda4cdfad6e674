using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReplyX.LocalHosting.Model;
using ReplyX.LocalHosting.Orchestration;
using Yarp.ReverseProxy.Forwarder;

namespace ReplyX.LocalHosting.Proxy;

/// <summary>
/// One address for all replicas of a resource, as long as the application runs. It logs nothing, because query strings may hold
/// credentials.
/// </summary>
internal sealed class ReplicaProxy : IAsyncDisposable
{
    // Sockets may be idle for hours; YARP's default would close them after 100 s.
    internal static readonly ForwarderRequestConfig NoIdleTimeout = new() { ActivityTimeout = Timeout.InfiniteTimeSpan };

    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _client;

    private ReplicaProxy(WebApplication app, HttpMessageInvoker client)
    {
        _app = app;
        _client = client;
    }

    public static async Task<ReplicaProxy> StartAsync(EndpointSpec endpoint, IReadOnlyList<ResourceInstance> replicas, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // The limits of requests are the replica's own.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxConcurrentUpgradedConnections = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.ListenLocalhost(endpoint.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(2),
        });
        var balancer = new Balancer(endpoint, replicas);
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        app.Run(context => ForwardAsync(context, balancer, forwarder, client));
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        return new ReplicaProxy(app, client);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync().ConfigureAwait(false);
        _client.Dispose();
    }

    private static async Task ForwardAsync(HttpContext context, Balancer balancer, IHttpForwarder forwarder, HttpMessageInvoker client)
    {
        // All requests of a connection go to one replica, as behind a TCP proxy.
        var items = context.Features.GetRequiredFeature<IConnectionItemsFeature>().Items;
        var tried = new HashSet<ResourceInstance>();
        while (true)
        {
            if (items.TryGetValue(typeof(Balancer), out var kept) && kept is Balancer.Lease lease && lease.IsUsable && tried.Add(lease.Replica))
            {
            }
            else if (balancer.Acquire(tried) is { } fresh)
            {
                (items.TryGetValue(typeof(Balancer), out var old) ? old as Balancer.Lease : null)?.Dispose();
                items[typeof(Balancer)] = lease = fresh;
                tried.Add(fresh.Replica);
                context.Features.Get<IConnectionLifetimeFeature>()?.ConnectionClosed.Register(fresh.Dispose);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            var error = await forwarder.SendAsync(context, lease.Address, client, NoIdleTimeout, KeepHost.Instance).ConfigureAwait(false);
            if (error == ForwarderError.None || context.Response.HasStarted || !MayRepeat(context))
            {
                return;
            }

            // The forwarder has set status 502, and refuses to write to a response that was changed.
            context.Response.Clear();
        }
    }

    /// <summary>Whether another replica may be tried: the connection was refused, so nothing was read, or the request changes nothing.</summary>
    private static bool MayRepeat(HttpContext context) =>
        ((HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) && !context.RequestAborted.IsCancellationRequested)
        || context.GetForwarderErrorFeature()?.Exception is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError,
            InnerException: SocketException or TimeoutException or OperationCanceledException,
        };
}
