namespace ReplyX.Client;

/// <summary>Where a visitor writes.</summary>
public enum DialogChannel
{
    /// <summary>The widget in somebody's page.</summary>
    Widget,

    /// <summary>The chat page embedded with a site token.</summary>
    Site,
}
