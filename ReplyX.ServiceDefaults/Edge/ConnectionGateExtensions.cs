using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ReplyX.ServiceDefaults.Edge;

namespace Microsoft.Extensions.Hosting;

/// <summary>How many connections a service takes.</summary>
public static class ConnectionGateExtensions
{
    /// <summary>
    /// Accepts no more connections than the process may open files, and from one address no more than its share, and closes idle ones.
    /// Bound from <c>Connections</c>; invalid options stop the start.
    /// </summary>
    /// <param name="builder">The service, which adds its trusted proxies too.</param>
    public static void AddConnectionGate(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<ConnectionOptions>().BindConfiguration(ConnectionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ConnectionOptions>, ConnectionOptionsValidator>());
        services.AddSingleton(provider => new ConnectionPlaces(
            provider.GetRequiredService<IOptions<ConnectionOptions>>().Value, provider.GetRequiredService<IHostEnvironment>()));
        services.AddSingleton<ConnectionGate>();

        // The server uses the factory that was added last.
        services.TryAddSingleton<SocketTransportFactory>();
        services.AddSingleton<IConnectionListenerFactory, GatedTransport>();
        services.AddOptions<KestrelServerOptions>().Configure<ConnectionPlaces, IOptions<ConnectionOptions>>((kestrel, places, options) =>
        {
            kestrel.Limits.MaxConcurrentConnections = places.Total;
            kestrel.Limits.KeepAliveTimeout = options.Value.IdleTimeout;
            kestrel.Limits.RequestHeadersTimeout = options.Value.RequestHeadTimeout;
            kestrel.Limits.MinResponseDataRate = new MinDataRate(options.Value.LeastAnswerRate, TimeSpan.FromSeconds(5));
        });
    }
}
