using Microsoft.Extensions.Options;

namespace ReplyX.Api.Oidc;

/// <summary>The configured authorities.</summary>
internal sealed class OidcProviders(IOptions<OidcOptions> options)
{
    public IReadOnlyList<OidcProviderView> Views { get; } =
    [
        .. options.Value
            .Select(pair => new OidcProviderView(
                pair.Key.ToLowerInvariant(), pair.Value.Name.Length > 0 ? pair.Value.Name : pair.Key.ToLowerInvariant()))
            .OrderBy(view => view.Name, StringComparer.Ordinal),
    ];

    /// <returns>The scheme of an authority, or null if there is none of that id.</returns>
    public string? FindScheme(string id) => Views.Any(view => view.Id == id) ? SchemeOf(id) : null;

    public static string SchemeOf(string id) => $"oidc-{id}";
}

/// <summary>An authority to sign in by.</summary>
internal sealed record OidcProviderView(string Id, string Name);

/// <summary>The authorities to sign in by.</summary>
internal sealed record OidcProviderList(IReadOnlyList<OidcProviderView> Providers);
