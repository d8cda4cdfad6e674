namespace ReplyX.Api.Oidc;

/// <summary>The authorities that operators may sign in by, by an id that stands in addresses. Bound from <c>Oidc</c>.</summary>
internal sealed class OidcOptions : Dictionary<string, OidcProviderOptions>
{
    public const string Section = "Oidc";

    public OidcOptions()
        : base(StringComparer.OrdinalIgnoreCase)
    {
    }
}

/// <summary>One authority. Whoever it vouches for by a verified e-mail address signs in as the operator with that login.</summary>
internal sealed class OidcProviderOptions
{
    /// <summary>What the button says; the id if it is empty.</summary>
    public string Name { get; set; } = "";

    /// <summary>The issuer, beside which its discovery document lies.</summary>
    public string Authority { get; set; } = "";

    /// <summary>The id that the authority knows this service by.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>The secret that goes with it; empty for a public client.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>What to ask for, separated by spaces.</summary>
    public string Scopes { get; set; } = "openid email profile";
}
