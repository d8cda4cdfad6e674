using StackExchange.Redis;

namespace ReplyX.Messaging.Redis;

/// <summary>A Lua script of this assembly. StackExchange.Redis loads it once a server and then calls it by its hash.</summary>
internal sealed class RedisScript
{
    private readonly string _text;

    private RedisScript(string text) => _text = text;

    public static RedisScript Load(string name)
    {
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream($"ReplyX.Messaging.{name}.lua")
            ?? throw new InvalidOperationException($"No script {name} in this assembly.");
        using var reader = new StreamReader(stream);
        return new RedisScript(reader.ReadToEnd());
    }

    public Task<RedisResult> EvaluateAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments) =>
        database.ScriptEvaluateAsync(_text, keys, arguments);
}
