namespace ReplyX.Recorder.Chaos;

/// <summary>What is done to the cluster, besides cutting connections all the time.</summary>
internal enum FaultKind
{
    /// <summary>SIGKILL of a replica, and its start after a while.</summary>
    ReplicaKill,

    /// <summary>SIGKILL of Redis, or of a cluster's master, and its start before anybody takes its place.</summary>
    RedisKill,

    /// <summary>SIGSTOP of Redis for ten seconds; a cluster's master has lost its place when it goes on.</summary>
    RedisPause,

    /// <summary>A replica drains, by SIGTERM or by the command, and is started again.</summary>
    Drain,

    /// <summary>Visitors give up amid a connect, at every step of it, while their node's Redis stalls, and come again.</summary>
    AbortedConnects,

    /// <summary>Readers far behind stop amid their replay, for a while or for good.</summary>
    StoppedReaders,

    /// <summary>SIGKILL of a cluster's master, whose replica may have been cut off from it for a while, and its start when that one has taken its place.</summary>
    MasterKill,

    /// <summary>Half of a cluster's slots move to one of its masters.</summary>
    Reshard,

    /// <summary>A replica cannot reach one of a cluster's masters, and everybody else can.</summary>
    Partition,
}
