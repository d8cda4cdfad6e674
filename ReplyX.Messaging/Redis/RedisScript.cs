using StackExchange.Redis;

namespace ReplyX.Messaging.Redis;

/// <summary>A Lua script of this assembly. StackExchange.Redis loads it once a server and then calls it by its hash.</summary>
internal sealed class RedisScript
{
    private readonly string _text;

    private RedisScript(string text, int leastReplies)
    {
        _text = text;
        LeastReplies = leastReplies;
    }

    /// <summary>How many values its answer has at least, where that is a list.</summary>
    public int LeastReplies { get; }

    public static RedisScript Load(string name, int leastReplies = 0)
    {
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream($"ReplyX.Messaging.{name}.lua")
            ?? throw new InvalidOperationException($"No script {name} in this assembly.");
        using var reader = new StreamReader(stream);
        return new RedisScript(reader.ReadToEnd(), leastReplies);
    }

    public Task<RedisResult> EvaluateAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments) =>
        database.ScriptEvaluateAsync(_text, keys, arguments);
}
