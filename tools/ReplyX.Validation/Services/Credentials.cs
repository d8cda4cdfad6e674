namespace ReplyX.Validation.Services;

/// <summary>What a client may bring, by the names that the documents have for it.</summary>
internal static class Credentials
{
    public const string NoToken = "no token";
    public const string SiteToken = "site token";
    public const string GuestToken = "guest token";
    public const string DialogToken = "dialog token";
    public const string OtherDialogToken = "dialog token of another path";
    public const string DeviceToken = "device token";
    public const string OperatorToken = "operator token";
}
