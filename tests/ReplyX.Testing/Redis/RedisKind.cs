namespace ReplyX.Testing;

/// <summary>The two servers that every contract on Redis is tested against.</summary>
public enum RedisKind
{
    /// <summary>redis-server from PATH; tests are skipped without it.</summary>
    Redis,

    /// <summary>ReplyX.EmbeddedRedis.</summary>
    Garnet,
}
