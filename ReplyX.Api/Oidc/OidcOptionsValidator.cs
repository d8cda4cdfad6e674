using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace ReplyX.Api.Oidc;

internal sealed partial class OidcOptionsValidator(IHostEnvironment environment) : IValidateOptions<OidcOptions>
{
    public ValidateOptionsResult Validate(string? name, OidcOptions options)
    {
        List<string> failures = [];
        foreach (var (id, provider) in options)
        {
            if (!Id().IsMatch(id))
            {
                failures.Add($"{OidcOptions.Section} has '{id}', which is no id: letters, digits and hyphens, at most 32.");
            }

            if (!Uri.TryCreate(provider.Authority, UriKind.Absolute, out var authority) || !MayBeUsed(authority))
            {
                failures.Add($"{OidcOptions.Section}:{id}:Authority must be an https URL, such as https://accounts.example.com.");
            }

            if (provider.ClientId.Length == 0)
            {
                failures.Add($"{OidcOptions.Section}:{id}:ClientId is missing.");
            }

            if (!provider.Scopes.Split(' ').Contains("openid"))
            {
                failures.Add($"{OidcOptions.Section}:{id}:Scopes must have openid among them.");
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    // What comes from there signs people in, so that nobody between may change it.
    private bool MayBeUsed(Uri authority) =>
        authority.Scheme == Uri.UriSchemeHttps
        || (authority.Scheme == Uri.UriSchemeHttp && (authority.IsLoopback || environment.IsDevelopment()));

    [GeneratedRegex("^[A-Za-z0-9-]{1,32}\\z")]
    private static partial Regex Id();
}
