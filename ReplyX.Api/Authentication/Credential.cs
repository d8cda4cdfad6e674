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

/// <summary>What an endpoint takes, and whether it also serves without. A bad token is refused either way.</summary>
internal sealed record CredentialMetadata(Credential Accepted, bool Optional);
