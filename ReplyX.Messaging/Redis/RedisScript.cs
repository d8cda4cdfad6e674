using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace ReplyX.Messaging.Redis;

/// <summary>
/// A Lua script of this assembly, called by its hash. A server that does not know it yet is told it once. Scripts publish by PUBLISH as they
/// stand; where channels lie in slots (see <see cref="ChannelSharding"/>) it is SPUBLISH in its place.
/// </summary>
internal sealed class RedisScript
{
    private readonly string _text;
    private readonly byte[] _hash;
    private readonly byte[] _hexHash;
    private readonly byte[] _utf8;
    private readonly RedisScript? _sharded;

    [SuppressMessage("Security", "CA5350", Justification = "It is the name that Redis gives a script, and no safeguard.")]
    private RedisScript(string text)
    {
        _text = text;
        _utf8 = Encoding.UTF8.GetBytes(text);
        _hash = SHA1.HashData(_utf8);
        _hexHash = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(_hash));
        var sharded = text.Replace("'PUBLISH'", "'SPUBLISH'", StringComparison.Ordinal);
        _sharded = sharded == text ? null : new RedisScript(sharded);
    }

    /// <summary>The script as it publishes.</summary>
    /// <param name="isSharded">Whether channels lie in slots.</param>
    public RedisScript For(bool isSharded) => isSharded ? _sharded ?? this : this;

    /// <summary>The hash as EVALSHA takes it.</summary>
    public ReadOnlySpan<byte> Hash => _hexHash;

    /// <summary>The text as EVAL takes it.</summary>
    public ReadOnlySpan<byte> Text => _utf8;

    public static RedisScript Load(string name)
    {
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream($"ReplyX.Messaging.{name}.lua")
            ?? throw new InvalidOperationException($"No script {name} in this assembly.");
        using var reader = new StreamReader(stream);
        return new RedisScript(reader.ReadToEnd());
    }

    /// <remarks>By its text, the library would find the hash each time by a look-up that reads the whole text, 4 µs for append.lua.</remarks>
    public async Task<RedisResult> EvaluateAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return await database.ScriptEvaluateAsync(_hash, keys, arguments, CommandFlags.DemandMaster);
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // Nothing was done. The library loads the text, and asks again.
            return await database.ScriptEvaluateAsync(_text, keys, arguments, CommandFlags.DemandMaster);
        }
    }
}
