namespace ReplyX.Api.Dialogs;

/// <summary>Starts a dialog in a chat page that is embedded with a site token.</summary>
internal sealed record StartSiteDialog(string? SiteToken)
{
    public override string ToString() => nameof(StartSiteDialog);
}
