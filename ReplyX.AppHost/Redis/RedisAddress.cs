namespace ReplyX.AppHost.Redis;

/// <summary>An endpoint in the forms in which Aspire's own Redis gives it.</summary>
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
