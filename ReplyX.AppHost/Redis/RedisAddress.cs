namespace ReplyX.AppHost.Redis;

/// <summary>Connection string and properties of an endpoint, in the form of Aspire's own Redis resource.</summary>
internal static class RedisAddress
{
    public static ReferenceExpression ConnectionString(EndpointReference endpoint) =>
        ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.HostAndPort)}");

    public static IEnumerable<KeyValuePair<string, ReferenceExpression>> Properties(EndpointReference endpoint) =>
    [
        new("Host", ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.Host)}")),
        new("Port", ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.Port)}")),
        new("Uri", ReferenceExpression.Create($"redis://{endpoint.Property(EndpointProperty.HostAndPort)}")),
    ];
}
