namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of an endpoint.</summary>
public enum EndpointProperty
{
    /// <summary>The whole address, <c>http://localhost:5080</c>.</summary>
    Url = 0,

    /// <summary>The host name.</summary>
    Host = 1,

    /// <summary>The host's IPv4 address.</summary>
    IPV4Host = 2,

    /// <summary>The port that others connect to.</summary>
    Port = 3,

    /// <summary>The URL scheme.</summary>
    Scheme = 4,

    /// <summary>The port that the process itself listens on; differs from replica to replica.</summary>
    TargetPort = 5,

    /// <summary>Host and port, joined by a colon.</summary>
    HostAndPort = 6,
}
