using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ReplyX.ServiceDefaults.PlatformAccess;

internal sealed class PlatformTokenOptionsValidator(IHostEnvironment environment, IConfiguration configuration) : IValidateOptions<PlatformTokenOptions>
{
    // Long enough that it cannot be guessed over the network, even if a person made it up.
    private const int MinLength = 16;

    public ValidateOptionsResult Validate(string? name, PlatformTokenOptions options) => (name, options.Token) switch
    {
        (PlatformTokenOptions.Metrics, null or "") when !environment.IsDevelopment() => ValidateOptionsResult.Fail(
            $"Metrics:Token is missing; only Development may leave /metrics open, and this is {environment.EnvironmentName}."),
        (_, null or "") => ValidateOptionsResult.Success,
        (_, { Length: < MinLength }) => ValidateOptionsResult.Fail($"{name}:Token is shorter than {MinLength} characters."),
        (PlatformTokenOptions.Operations, { } token) when token == configuration[$"{PlatformTokenOptions.Metrics}:Token"] => ValidateOptionsResult.Fail(
            "Operations:Token is the same as Metrics:Token: whoever may scrape could then drain a node."),
        _ => ValidateOptionsResult.Success,
    };
}
