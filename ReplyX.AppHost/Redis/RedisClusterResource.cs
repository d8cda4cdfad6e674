using System.Globalization;

namespace ReplyX.AppHost.Redis;

/// <summary>The first server of a Redis Cluster on this machine; who refers to it is given all of them.</summary>
internal sealed class RedisClusterResource(string name, string command, string workingDirectory, IReadOnlyList<int> ports)
    : ExecutableResource(name, command, workingDirectory), IResourceWithConnectionString
{
    /// <summary>The ports of all servers, which the cluster tells its clients itself. So none of them is behind a proxy.</summary>
    public IReadOnlyList<int> Ports => ports;

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"{string.Join(',', ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")))}");

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() => [];
}
