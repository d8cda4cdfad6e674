using StackExchange.Redis;

namespace ReplyX.Messaging.Redis.Replication;

/// <summary>What Redis said to one command.</summary>
internal readonly record struct RespReply
{
    public RespReply(RedisResult result) => Result = result;

    public RespReply(string error) => Error = error;

    /// <summary>The result; null if it is an error.</summary>
    public RedisResult? Result { get; }

    /// <summary>The error's text; null if it is none.</summary>
    public string? Error { get; }
}
