using System.Globalization;
using System.IO.Compression;
using System.Text;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Dialogs;

/// <summary>
/// The fields of a dialog at rest (Archive/rest.lua) that only people look at, as one compressed piece. It is cut so that no value is
/// longer than 64 bytes: up to there Redis keeps a hash in one allocation, and beyond it every field has allocations of its own
/// (docs/adr/0023-idle-and-old-dialogs.md). What is written later lies beside it under its own name and counts in its place.
/// </summary>
internal static class PackedFields
{
    private const string Prefix = "packed";
    private const char Separator = '\0';

    // By which it is seen that there are packed ones. note_visitor.lua knows its name.
    private const string First = $"{Prefix}0";

    // hash-max-listpack-value of Redis is 64 bytes, if nobody has set it.
    private const int ChunkLength = 64;

    // A dialog is packed once and has some hundred bytes.
    private const int Quality = 9;
    private const int WindowBits = 16;

    // Some kilobytes at most: of what damaged bytes could ask for.
    private const int MaxLength = 1024 * 1024;

    private static readonly RedisScript _unpack = RedisScript.Load("Dialogs.unpack");

    // No script reads them of a listed dialog but note_visitor.lua, which has them unpacked first.
    private static readonly HashSet<string> _packed = new(StringComparer.Ordinal)
    {
        "last", "name", "email", "locale", "page", "started_page", "agent", "created", "operator_name", "handoff_at",
    };

    /// <summary>Packs what may be packed.</summary>
    /// <param name="hash">The dialog as Redis has it.</param>
    /// <param name="added">Fields that it gets, or gets anew, by that.</param>
    /// <returns>The fields that go, among them those that it was packed into before, and those that come.</returns>
    public static (HashEntry[] Going, HashEntry[] Coming) Pack(HashEntry[] hash, params HashEntry[] added)
    {
        HashEntry[] going = [.. hash.Where(field => IsChunk(field) || _packed.Contains((string)field.Name!))];
        var text = string.Join(
            Separator,
            Merge(Unpack(hash), added)
                .Where(field => _packed.Contains(field.Key) && !field.Value.IsNullOrEmpty)
                .OrderBy(field => field.Key, StringComparer.Ordinal)
                .SelectMany(field => (string[])[field.Key, ((string)field.Value!).Replace(Separator, ' ')]));
        var bytes = Encoding.UTF8.GetBytes(text);
        var compressed = new byte[sizeof(int) + BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        if (!BrotliEncoder.TryCompress(bytes, compressed, out var length, Quality, WindowBits))
        {
            throw new InvalidOperationException($"Brotli wrote more than its maximum for {bytes.Length} bytes.");
        }

        HashEntry[] coming =
        [
            .. added.Where(field => !_packed.Contains((string)field.Name!)),
            .. compressed[..length].Chunk(ChunkLength).Select((chunk, i) => new HashEntry($"{Prefix}{i}", chunk)),
        ];
        return (going, coming);
    }

    /// <summary>All fields of a dialog under their names, packed or not.</summary>
    /// <param name="hash">The dialog as Redis has it.</param>
    public static Dictionary<string, RedisValue> Unpack(HashEntry[] hash)
    {
        var fields = hash.ToDictionary(field => (string)field.Name!, field => field.Value, StringComparer.Ordinal);
        if (!fields.ContainsKey(First))
        {
            return fields;
        }

        byte[] compressed = [.. hash.Where(IsChunk).OrderBy(NumberOf).SelectMany(chunk => (byte[])chunk.Value!)];
        using var brotli = new BrotliStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        var buffer = new byte[4 * 1024];
        for (int read; (read = brotli.Read(buffer)) > 0 && bytes.Length < MaxLength;)
        {
            bytes.Write(buffer, 0, read);
        }

        var parts = Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length).Split(Separator);
        for (var i = 0; i + 1 < parts.Length; i += 2)
        {
            fields.TryAdd(parts[i], parts[i + 1]);
        }

        return fields;
    }

    /// <summary>Has a dialog's fields unpacked where Redis keeps them.</summary>
    public static async Task UnpackAsync(RedisGateway redis, RedisKey dialog, CancellationToken cancellationToken)
    {
        var hash = await redis.ExecuteAsync(database => database.HashGetAllAsync(dialog), cancellationToken);
        HashEntry[] chunks = [.. hash.Where(IsChunk)];
        if (chunks.Length > 0)
        {
            await redis.EvaluateNumberAsync(
                _unpack,
                [dialog],
                [chunks.Length, .. Flatten(chunks), .. Flatten(Unpack(hash).Where(field => _packed.Contains(field.Key)).Select(field => new HashEntry(field.Key, field.Value)))],
                cancellationToken);
        }
    }

    /// <summary>Names and values by turns, as scripts take them.</summary>
    public static IEnumerable<RedisValue> Flatten(IEnumerable<HashEntry> fields) =>
        fields.SelectMany(field => (RedisValue[])[field.Name, field.Value]);

    private static Dictionary<string, RedisValue> Merge(Dictionary<string, RedisValue> fields, HashEntry[] added)
    {
        foreach (var field in added)
        {
            fields[(string)field.Name!] = field.Value;
        }

        return fields;
    }

    private static bool IsChunk(HashEntry field) => ((string)field.Name!).StartsWith(Prefix, StringComparison.Ordinal);

    private static int NumberOf(HashEntry chunk) => int.Parse(((string)chunk.Name!).AsSpan(Prefix.Length), CultureInfo.InvariantCulture);
}
