namespace ReplyX.Recorder.Chaos;

/// <summary>What is done to the cluster, besides cutting connections all the time.</summary>
internal enum FaultKind
{
    /// <summary>SIGKILL of a replica, and its start after a while.</summary>
    ReplicaKill,

    /// <summary>SIGKILL of Redis, and its start after a while.</summary>
    RedisKill,

    /// <summary>SIGSTOP of Redis for ten seconds.</summary>
    RedisPause,

    /// <summary>A replica drains, by SIGTERM or by the command, and is started again.</summary>
    Drain,

    /// <summary>Visitors give up amid a connect, at every step of it, while their node's Redis stalls, and come again.</summary>
    AbortedConnects,

    /// <summary>Readers far behind stop amid their replay, for a while or for good.</summary>
    StoppedReaders,
}
