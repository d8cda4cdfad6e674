namespace ReplyX.Client;

internal static class DialogChannelNames
{
    /// <summary>The channel's name in paths.</summary>
    internal static string ToWire(this DialogChannel channel) => channel switch
    {
        DialogChannel.Widget => "widget",
        DialogChannel.Site => "site",
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, null),
    };
}
