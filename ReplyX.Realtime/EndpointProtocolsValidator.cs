using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ReplyX.Realtime;

/// <summary>
/// Finds an endpoint that is configured to offer more than HTTP/1.1, which the server below would obey: sockets begin with an
/// upgrade of HTTP/1.1, and a client that is offered HTTP/2 takes it.
/// </summary>
internal sealed class EndpointProtocolsValidator(IConfiguration configuration) : IValidateOptions<KestrelServerOptions>
{
    public ValidateOptionsResult Validate(string? name, KestrelServerOptions options)
    {
        var wrong = configuration.GetSection("Kestrel:Endpoints").GetChildren()
            .Select(endpoint => endpoint.GetSection("Protocols"))
            .Where(protocols => protocols.Value is { } value && !string.Equals(value, nameof(HttpProtocols.Http1), StringComparison.OrdinalIgnoreCase))
            .Select(protocols => $"{protocols.Path} is {protocols.Value}; sockets begin with an upgrade of HTTP/1.1, so it must be Http1 or left out.")
            .ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
