namespace ReplyX.Api.Dialogs;

/// <summary>A new dialog token.</summary>
internal sealed record RefreshedToken(string Token, DateTimeOffset TokenExpiresAt)
{
    public override string ToString() => nameof(RefreshedToken);
}
