using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ReplyX.ServiceDefaults.Edge;

internal sealed class ProxyOptionsValidator(IHostEnvironment environment) : IValidateOptions<ProxyOptions>
{
    // The largest private networks: 10.0.0.0/8, and fc00::/7 for unique local addresses.
    private const int WidestIpv4 = 8;
    private const int WidestIpv6 = 7;

    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        foreach (var text in options.Trusted)
        {
            if (!IPNetwork.TryParse(text, out var network))
            {
                return ValidateOptionsResult.Fail($"Proxies:Trusted: '{text}' is no network in CIDR notation.");
            }

            var widest = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? WidestIpv4 : WidestIpv6;
            if (network.PrefixLength < widest && !environment.IsDevelopment())
            {
                return ValidateOptionsResult.Fail(
                    $"Proxies:Trusted: '{text}' takes in strangers, who could then give any address for theirs; a network of proxies is /{widest} or narrower.");
            }
        }

        return ValidateOptionsResult.Success;
    }
}
