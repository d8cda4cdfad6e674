namespace ReplyX.Api.Oidc;

/// <summary>Why signing in by an authority failed, as the sign-in page reads it after <c>#error=</c>.</summary>
internal static class OidcError
{
    /// <summary>The authority does not answer.</summary>
    public const string Unavailable = "oidc_unavailable";

    /// <summary>The person or the authority refused.</summary>
    public const string Denied = "oidc_denied";

    /// <summary>What came back is not what was asked for.</summary>
    public const string Failed = "oidc_failed";

    /// <summary>The authority does not vouch for an e-mail address.</summary>
    public const string EmailUnverified = "oidc_email_unverified";

    /// <summary>Nobody has that address as a login, and they came with no open invitation that is for it.</summary>
    public const string UnknownPerson = "oidc_unknown_person";

    /// <summary>Redis does not answer.</summary>
    public const string StoreUnavailable = "store_unavailable";
}
