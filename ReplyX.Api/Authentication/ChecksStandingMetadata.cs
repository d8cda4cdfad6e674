namespace ReplyX.Api.Authentication;

/// <summary>
/// Marks endpoints that ask <see cref="CredentialStanding"/> themselves, together with what they read anyway. For all others
/// <see cref="StandingFilter"/> asks first: to forget the mark costs a trip to Redis, not the check.
/// </summary>
internal sealed class ChecksStandingMetadata;
