namespace ReplyX.ServiceDefaults.Edge;

/// <summary>Whose <c>X-Forwarded-For</c> and <c>-Proto</c> are believed. Bound from <c>Proxies</c>.</summary>
internal sealed class ProxyOptions
{
    public const string Section = "Proxies";

    /// <summary>Networks in CIDR notation, e.g. <c>10.0.0.0/8</c> or <c>192.0.2.7/32</c>. Default none.</summary>
    public IList<string> Trusted { get; } = [];
}
