namespace ReplyX.Api.Authentication;

/// <summary>The bearer tokens that an endpoint may take.</summary>
[Flags]
internal enum Credential
{
    None = 0,
    Guest = 1,
    Dialog = 2,
    Operator = 4,
}

/// <summary>Which credentials an endpoint accepts, and whether it also serves requests without one. An invalid token is always refused.</summary>
internal sealed record CredentialMetadata(Credential Accepted, bool Optional);
