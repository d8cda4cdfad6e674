using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using ReplyX.Messaging;
using ReplyX.Realtime.Admission;
using ReplyX.Realtime.Connections;
using ReplyX.Realtime.Delivery;
using ReplyX.Realtime.Draining;
using ReplyX.Realtime.Health;
using ReplyX.Realtime.Limits;
using ReplyX.Realtime.Listening;
using ReplyX.Realtime.Nodes;
using ReplyX.Realtime.Routes;
using ReplyX.Realtime.Telemetry;
using ReplyX.Realtime.Upgrades;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Realtime;

/// <summary>The service put together: by Program, and by tests that run it in their own process.</summary>
internal static class RealtimeService
{
    // What is left of a stop after the last goodbye has run out of time.
    private static readonly TimeSpan _shutdownSlack = TimeSpan.FromSeconds(3);

    public static void AddRealtime(this WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults();
        builder.AddTrustedProxies();
        builder.AddConnectionGate();
        builder.AddRedis("redis", options => options.ConfigureForMessaging());
        builder.AddMessaging();

        var services = builder.Services;
        services.AddOptions<RealtimeOptions>().BindConfiguration(RealtimeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<RealtimeOptions>, RealtimeOptionsValidator>();
        services.AddOptions<OriginOptions>().BindConfiguration(OriginOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OriginOptions>, OriginOptionsValidator>();
        services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsValidator>();
        services.AddOptions<KestrelServerOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<KestrelServerOptions>, EndpointProtocolsValidator>();
        services.AddOptions<HostOptions>().Configure<IOptions<RealtimeOptions>>((host, realtime) =>
            host.ShutdownTimeout = Max(realtime.Value.DrainWindow, realtime.Value.DrainNotice) + realtime.Value.CloseTimeout + _shutdownSlack);
        services.AddProblemDetails();

        services.AddSingleton<RealtimeMetrics>();
        services.AddSingleton<NodeGauges>();
        services.AddSingleton<IStartupFilter, HandshakeSpan>();
        services.AddSingleton<NodeIdentity>();
        services.AddSingleton<FeedEndpoint>();
        services.AddSingleton<DeliveryServices>();
        services.AddSingleton<DeliveryLoops>();
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryLoops>());
        services.AddHostedService<ClusterChanges>();
        services.AddSingleton<BackplaneWatch>();
        services.AddSingleton<Gatekeeper>();
        services.AddSingleton<ConnectionLimits>();
        services.AddSingleton<ConnectionTable>();
        services.AddSingleton<SocketHandler>();
        services.AddSingleton<IConnectionListenerFactory, SocketListenerFactory>();
        services.AddSingleton<DrainState>();
        services.AddSingleton<WebSocketHealth>();
        services.AddHostedService<PositionCheck>();
        services.AddHostedService<BackplaneProbing>();
        services.AddHostedService<CredentialWatch>();
        services.AddHostedService<NodeLease>();
        services.AddSingleton<Drainer>();
        services.AddHostedService(provider => provider.GetRequiredService<Drainer>());
        services.AddHealthChecks().AddCheck<NotDraining>("draining");

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // Sockets begin with an upgrade of HTTP/1.1; a client that is offered HTTP/2 over TLS takes it and gets none. This comes
            // after the configuration's own defaults, and before what it says of a single endpoint.
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    public static void MapRealtime(this WebApplication app)
    {
        // They are there from the first scrape on, before anybody asks for them.
        app.Services.GetRequiredService<NodeGauges>();
        app.UseTrustedProxies();
        app.UseSocketRefusals();
        app.UseStatusCodePages();
        app.MapDefaultEndpoints();
        app.MapSockets();
        app.MapWebSocketHealth();
        app.MapDrain();
        DuplicateEndpoints.ThrowIfAny(((IEndpointRouteBuilder)app).DataSources);
    }
}
