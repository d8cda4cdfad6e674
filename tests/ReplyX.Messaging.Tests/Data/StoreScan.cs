using System.Text;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Data;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Tests.Data;

/// <summary>
/// All that is stored anywhere: every key of every type with all it holds, and every file of an archive, their names too. What is compressed
/// is there as it was before.
/// </summary>
internal sealed class StoreScan
{
    private readonly List<(string Place, string Text)> _texts = [];

    private StoreScan()
    {
    }

    public IReadOnlyList<string> Keys { get; private set; } = [];

    public static async Task<StoreScan> OfAsync(IDatabase database, string? files)
    {
        var scan = new StoreScan();
        List<string> keys = [];
        foreach (var server in database.Multiplexer.GetServers().Where(server => !server.IsReplica))
        {
            await foreach (var key in server.KeysAsync(pageSize: 1_000))
            {
                keys.Add((string)key!);
                scan.Add((string)key!, (string)key!);
                await scan.AddAsync(database, key);
            }
        }

        scan.Keys = keys;
        if (files is not null && Directory.Exists(files))
        {
            foreach (var path in Directory.EnumerateFileSystemEntries(files, "*", SearchOption.AllDirectories))
            {
                scan.Add(path, Path.GetRelativePath(files, path));
                if (File.Exists(path))
                {
                    scan.AddBytes(path, await File.ReadAllBytesAsync(path), DialogOfFile(path));
                }
            }
        }

        return scan;
    }

    /// <summary>Where a text occurs.</summary>
    public IReadOnlyList<string> Find(string text) =>
        [.. _texts.Where(held => held.Text.Contains(text, StringComparison.OrdinalIgnoreCase)).Select(held => held.Place).Distinct().Order(StringComparer.Ordinal)];

    private async Task AddAsync(IDatabase database, RedisKey key)
    {
        var place = (string)key!;
        var type = await database.KeyTypeAsync(key);
        switch (type)
        {
            case RedisType.None:
                // It has expired this moment.
                break;
            case RedisType.Hash:
                var hash = await database.HashGetAllAsync(key);
                foreach (var (name, value) in PackedFields.Unpack(hash))
                {
                    Add(place, name);
                    AddBytes(place, (byte[])value!, DialogOfKey(place));
                }

                break;
            default:
                IEnumerable<RedisValue> values = type switch
                {
                    RedisType.String => [await database.StringGetAsync(key)],
                    RedisType.List => await database.ListRangeAsync(key),
                    RedisType.Set => await database.SetMembersAsync(key),
                    RedisType.SortedSet => await database.SortedSetRangeByRankAsync(key),
                    var other => throw new NotSupportedException($"{key} is a {other}"),
                };
                foreach (var value in values.Where(value => !value.IsNull))
                {
                    AddBytes(place, (byte[])value!, null);
                }

                break;
        }
    }

    private void AddBytes(string place, byte[] bytes, StreamKey? dialog)
    {
        Add(place, Encoding.UTF8.GetString(bytes));
        if (place.Contains(":part:", StringComparison.Ordinal))
        {
            Add(place, Encoding.UTF8.GetString(DataJobs.Decompress(bytes)));
        }

        if (SegmentFormat.TryReadRange(bytes) is not null)
        {
            foreach (var entry in SegmentFormat.Open(dialog!.Value, bytes))
            {
                Add(place, Encoding.UTF8.GetString(entry.Raw.Span));
            }
        }
    }

    private void Add(string place, string text) => _texts.Add((place, text));

    // {account}:dialog:{id}:archive, or {/partition}:account:dialog:{id}:archive
    private static StreamKey? DialogOfKey(string key) => key.Split(':') switch
    {
        [var tag, "dialog", var id, "archive", ..] => StreamKey.ForDialog(tag.Trim('{', '}'), long.Parse(id, System.Globalization.CultureInfo.InvariantCulture)),
        [_, var account, "dialog", var id, "archive", ..] => StreamKey.ForDialog(account, long.Parse(id, System.Globalization.CultureInfo.InvariantCulture)),
        _ => null,
    };

    // accounts/{account}/dialogs/{part}/{id}/{last}.rxs
    private static StreamKey? DialogOfFile(string path) => path.EndsWith(".rxs", StringComparison.Ordinal)
        && path.Split(Path.DirectorySeparatorChar) is [.., var account, "dialogs", _, var id, _]
            ? StreamKey.ForDialog(account, long.Parse(id, System.Globalization.CultureInfo.InvariantCulture))
            : null;
}
