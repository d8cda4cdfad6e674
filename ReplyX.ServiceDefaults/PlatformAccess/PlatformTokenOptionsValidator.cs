using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ReplyX.ServiceDefaults.Metrics;

internal sealed class MetricsOptionsValidator(IHostEnvironment environment) : IValidateOptions<MetricsOptions>
{
    // Long enough that guessing over the network is hopeless even where the token was typed by hand.
    private const int MinLength = 16;

    public ValidateOptionsResult Validate(string? name, MetricsOptions options) => options.Token switch
    {
        null or "" when environment.IsDevelopment() => ValidateOptionsResult.Success,
        null or "" => ValidateOptionsResult.Fail($"Metrics:Token is missing; only Development may leave /metrics open, and this is {environment.EnvironmentName}."),
        { Length: < MinLength } => ValidateOptionsResult.Fail($"Metrics:Token is shorter than {MinLength} characters."),
        _ => ValidateOptionsResult.Success,
    };
}
