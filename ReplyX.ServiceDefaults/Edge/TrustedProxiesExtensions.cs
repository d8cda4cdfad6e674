using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ReplyX.ServiceDefaults.Edge;

namespace Microsoft.Extensions.Hosting;

/// <summary>Whom a request comes from when it came through proxies.</summary>
public static class TrustedProxiesExtensions
{
    /// <summary>
    /// Believes <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> of the networks in <c>Proxies:Trusted</c> (CIDR), and of nobody
    /// else. The list is empty by default, so that the loopback is not trusted either; an invalid list stops the start.
    /// </summary>
    /// <param name="builder">The service, which calls <see cref="UseTrustedProxies"/> too.</param>
    public static TBuilder AddTrustedProxies<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptions<ProxyOptions>().BindConfiguration(ProxyOptions.Section).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ProxyOptions>, ProxyOptionsValidator>());
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxyOptions>>((forwarded, proxies) =>
        {
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in proxies.Value.Trusted)
            {
                forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
            }

            // The addresses are read from the nearest proxy outwards; the first one that is not trusted is the client.
            forwarded.ForwardLimit = null;

            // With two empty lists the middleware would trust everybody.
            forwarded.ForwardedHeaders = proxies.Value.Trusted.Count == 0
                ? ForwardedHeaders.None
                : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        });
        return builder;
    }

    /// <summary>Replaces the connection's address and scheme by those that trusted proxies report. Has to be the first middleware.</summary>
    /// <param name="app">The service.</param>
    public static IApplicationBuilder UseTrustedProxies(this IApplicationBuilder app) => app.UseForwardedHeaders();
}
