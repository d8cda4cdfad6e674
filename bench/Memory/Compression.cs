using System.Diagnostics;
using System.IO.Compression;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Bench.Memory;

/// <summary>What each quality of Brotli would make of the stored segments, and what it costs.</summary>
internal static class Compression
{
    public static async Task PrintAsync(ConnectionMultiplexer connection, StreamKey dialog)
    {
        var segments = await connection.GetDatabase().HashValuesAsync(RedisKeys.Segments(dialog));
        List<byte[]> plain = [.. segments.Select(segment =>
            SegmentFormat.Open(dialog, (byte[])segment!).SelectMany(entry => entry.Raw.ToArray()).ToArray())];
        var bytes = plain.Sum(segment => (long)segment.Length);
        foreach (var quality in (int[])[1, 3, 5, 7, 9, 11])
        {
            var clock = Stopwatch.StartNew();
            long compressed = 0;
            foreach (var segment in plain)
            {
                var buffer = new byte[BrotliEncoder.GetMaxCompressedLength(segment.Length)];
                BrotliEncoder.TryCompress(segment, buffer, out var written, quality, window: 22);
                compressed += written;
            }

            Console.WriteLine($"  quality {quality,2}  {100.0 * compressed / bytes,5:0.0} %  {clock.Elapsed.TotalMilliseconds / plain.Count,7:0.00} ms a segment");
        }
    }
}
