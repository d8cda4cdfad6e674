namespace ReplyX.Api.Authentication;

/// <summary>What an endpoint takes, and whether it also serves without. A bad token is refused either way.</summary>
internal sealed record CredentialMetadata(Credential Accepted, bool Optional);
