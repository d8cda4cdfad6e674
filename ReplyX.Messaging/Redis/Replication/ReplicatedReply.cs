namespace ReplyX.Messaging.Redis.Replication;

/// <summary>What a script said, and whether enough replicas have confirmed that they have all it wrote and found.</summary>
/// <param name="Reply">What it said.</param>
/// <param name="IsReplicated">Whether they have. If not, it may reach them yet, or be lost with the primary.</param>
internal readonly record struct ReplicatedReply(RespReply Reply, bool IsReplicated);
