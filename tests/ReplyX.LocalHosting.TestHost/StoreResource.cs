namespace ReplyX.LocalHosting.TestHost;

/// <summary>Something with a connection string; it only sleeps.</summary>
internal sealed class StoreResource(string name, string folder) : ExecutableResource(name, "sleep", folder), IResourceWithConnectionString
{
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{new EndpointReference(this, "tcp").Property(EndpointProperty.HostAndPort)},ssl=false");

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        [new("Port", ReferenceExpression.Create($"{new EndpointReference(this, "tcp").Property(EndpointProperty.Port)}"))];
}
