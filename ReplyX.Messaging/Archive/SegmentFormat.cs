using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Archive;

/// <summary>
/// How a segment is written. Numbers are little-endian.
/// <code>
///   0  4  "RXS" and the version, 1
///   4  4  number of events
///   8  8  seq of the first event
///  16  8  seq of the last event
///  24  8  time of the newest event, Unix milliseconds
///  32  4  length of the events before compression
///  36 16  checksum: SHA-256, cut, of bytes 0 to 35, the stream's name as UTF-8, and the rest of the segment
///  52     Brotli of the events, each as its length (4 bytes) and its bytes as they stood in the log
/// </code>
/// The name of the stream in the checksum tells a segment that lies under another dialog from one of its own.
/// </summary>
internal static class SegmentFormat
{
    private const uint Magic = 'R' | ('X' << 8) | ('S' << 16) | (Version << 24);
    private const int Version = 1;
    /// <summary>How many bytes say what else a segment holds.</summary>
    public const int HeadLength = 32;

    private const int ChecksumAt = 36;
    private const int ChecksumLength = 16;
    private const int BodyAt = ChecksumAt + ChecksumLength;

    // Of what a length in a damaged segment could ask for. Options allow 4 MiB and one event more.
    private const int MaxLength = 64 * 1024 * 1024;

    // docs/perf/memory.md has the sizes: 7 would win one point at two and a half times the time.
    private const int Quality = 5;
    private const int WindowBits = 22;

    public static ArchiveSegment Seal(StreamKey dialog, IReadOnlyList<LogEntry> entries)
    {
        var length = entries.Sum(entry => sizeof(int) + entry.Raw.Length);
        var events = new byte[length];
        var at = 0;
        foreach (var entry in entries)
        {
            BinaryPrimitives.WriteInt32LittleEndian(events.AsSpan(at), entry.Raw.Length);
            entry.Raw.Span.CopyTo(events.AsSpan(at + sizeof(int)));
            at += sizeof(int) + entry.Raw.Length;
        }

        var segment = new byte[BodyAt + BrotliEncoder.GetMaxCompressedLength(length)];
        if (!BrotliEncoder.TryCompress(events, segment.AsSpan(BodyAt), out var compressed, Quality, WindowBits))
        {
            throw new InvalidOperationException($"Brotli wrote more than its maximum for {length} bytes.");
        }

        var newest = entries.Max(entry => entry.AppendedAtUnixMilliseconds);
        var data = segment.AsSpan(0, BodyAt + compressed);
        BinaryPrimitives.WriteUInt32LittleEndian(data, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(data[4..], entries.Count);
        BinaryPrimitives.WriteInt64LittleEndian(data[8..], entries[0].Seq);
        BinaryPrimitives.WriteInt64LittleEndian(data[16..], entries[^1].Seq);
        BinaryPrimitives.WriteInt64LittleEndian(data[24..], newest);
        BinaryPrimitives.WriteInt32LittleEndian(data[32..], length);
        Checksum(dialog, data, data.Slice(ChecksumAt, ChecksumLength));
        return new ArchiveSegment(
            entries[0].Seq, entries[^1].Seq, DateTimeOffset.FromUnixTimeMilliseconds(newest), data.ToArray());
    }

    /// <summary>What a segment, or its first bytes, says of itself; null if it is none. Nothing is checked.</summary>
    public static SegmentRange? TryReadRange(ReadOnlySpan<byte> segment)
    {
        if (segment.Length < HeadLength || BinaryPrimitives.ReadUInt32LittleEndian(segment) != Magic)
        {
            return null;
        }

        var newest = BinaryPrimitives.ReadInt64LittleEndian(segment[24..]);
        return newest < 0 || newest > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? null
            : new SegmentRange(
                BinaryPrimitives.ReadInt64LittleEndian(segment[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(segment[16..]),
                DateTimeOffset.FromUnixTimeMilliseconds(newest));
    }

    /// <summary>A segment as it was sealed, of the bytes that were stored.</summary>
    /// <exception cref="ArchiveDamagedException">The bytes are not what was sealed for this dialog.</exception>
    public static ArchiveSegment Reseal(StreamKey dialog, ReadOnlyMemory<byte> data) =>
        Open(dialog, data).Count > 0 && TryReadRange(data.Span) is { } range
            ? new ArchiveSegment(range.First, range.Last, range.NewestAt, data)
            : throw new ArchiveDamagedException(dialog, "a segment holds no event");

    /// <exception cref="ArchiveDamagedException">The bytes are not what was sealed for this dialog.</exception>
    public static IReadOnlyList<LogEntry> Open(StreamKey dialog, ReadOnlyMemory<byte> segment)
    {
        var data = segment.Span;
        if (data.Length < BodyAt)
        {
            throw new ArchiveDamagedException(dialog, $"a segment has {data.Length} bytes");
        }

        var magic = BinaryPrimitives.ReadUInt32LittleEndian(data);
        if (magic != Magic)
        {
            throw new ArchiveDamagedException(dialog, $"a segment starts with {magic:x8}; it is none, or of a version that this build cannot read");
        }

        var first = BinaryPrimitives.ReadInt64LittleEndian(data[8..]);
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        Checksum(dialog, data, checksum);
        if (!checksum.SequenceEqual(data.Slice(ChecksumAt, ChecksumLength)))
        {
            throw new ArchiveDamagedException(dialog, $"the checksum of the segment that says it starts at {first} is wrong");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(data[32..]);
        var events = new byte[length is >= 0 and <= MaxLength ? length : 0];
        if (!BrotliDecoder.TryDecompress(data[BodyAt..], events, out var written) || written != length)
        {
            throw new ArchiveDamagedException(dialog, $"the segment at {first} does not decompress to {length} bytes");
        }

        var entries = new LogEntry[BinaryPrimitives.ReadInt32LittleEndian(data[4..])];
        var at = 0;
        for (var i = 0; i < entries.Length; i++)
        {
            var size = BinaryPrimitives.ReadInt32LittleEndian(events.AsSpan(at));
            entries[i] = LogEntry.Parse(events.AsMemory(at + sizeof(int), size));
            at += sizeof(int) + size;
            if (entries[i].Seq != first + i)
            {
                throw new ArchiveDamagedException(dialog, $"event {entries[i].Seq} stands where {first + i} belongs");
            }
        }

        return entries;
    }

    private static void Checksum(StreamKey dialog, ReadOnlySpan<byte> segment, Span<byte> checksum)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(segment[..ChecksumAt]);
        hash.AppendData(Encoding.UTF8.GetBytes(dialog.ToString()));
        hash.AppendData(segment[BodyAt..]);
        hash.GetHashAndReset().AsSpan(0, ChecksumLength).CopyTo(checksum);
    }
}
