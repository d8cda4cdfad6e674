namespace ReplyX.ServiceDefaults.Edge;

/// <summary>Which pages are our own. Bound from <c>Origins</c>.</summary>
public sealed class OriginOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Origins";

    /// <summary>
    /// The hosts of our own chat page and console: exact origins (<c>https://chat.example.com</c>), or with a <c>*.</c> before
    /// the host for its subdomains. The chat page is an iframe of ours, so a socket's Origin is ours and says nothing about the
    /// page that embeds it.
    /// </summary>
    public IList<string> ChatHosts { get; } = [];
}
