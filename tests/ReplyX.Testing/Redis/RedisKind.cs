namespace ReplyX.Testing;

/// <summary>The servers that every contract on Redis is tested against.</summary>
public enum RedisKind
{
    /// <summary>redis-server from PATH; tests are skipped without it.</summary>
    Redis,

    /// <summary>ReplyX.EmbeddedRedis.</summary>
    Garnet,

    /// <summary><see cref="ClusterServers"/>; no <see cref="RedisServer"/> is one.</summary>
    Cluster,
}
