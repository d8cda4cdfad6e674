using System.Net;
using Microsoft.Extensions.Options;

namespace ReplyX.ServiceDefaults.Edge;

internal sealed class ProxyOptionsValidator : IValidateOptions<ProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxyOptions options) =>
        options.Trusted.FirstOrDefault(network => !IPNetwork.TryParse(network, out _)) is { } bad
            ? ValidateOptionsResult.Fail($"Proxies:Trusted: '{bad}' is no network in CIDR notation.")
            : ValidateOptionsResult.Success;
}
