using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Nodes;

/// <summary>
/// A set of dialogs, told by the smallest hashes of its members: sketches of several nodes can be united, which their counts
/// cannot, and are no larger for more dialogs. docs/adr/0012 has the reasons.
/// </summary>
public sealed class DialogSketch
{
    /// <summary>
    /// The most hashes that it holds. The error of an estimate is about one by the root of it, 3 %, and a sketch has 8 KiB.
    /// </summary>
    public const int Size = 1_024;

    private const int HeaderBytes = sizeof(byte) + sizeof(ushort);

    /// <summary>Makes a sketch.</summary>
    /// <param name="smallest">The smallest hashes, ascending.</param>
    /// <param name="isWhole">Whether those are the hashes of all members.</param>
    public DialogSketch(ReadOnlyMemory<ulong> smallest, bool isWhole)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(smallest.Length, Size);
        Smallest = smallest;
        IsWhole = isWhole;
    }

    /// <summary>The sketch of no dialogs.</summary>
    public static DialogSketch Empty { get; } = new(default, isWhole: true);

    /// <summary>The smallest hashes of its members, ascending.</summary>
    public ReadOnlyMemory<ulong> Smallest { get; }

    /// <summary>Whether those are all of them.</summary>
    public bool IsWhole { get; }

    internal int ByteCount => HeaderBytes + (Smallest.Length * sizeof(ulong));

    /// <summary>A dialog's hash: the same on every node, and spread evenly, whatever the ids are.</summary>
    /// <param name="dialog">The dialog.</param>
    public static ulong Hash(StreamKey dialog)
    {
        // SHA-256, since it is at hand and as even as can be; it is computed as a socket comes and goes, not for an event.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{dialog.Account}/{dialog.DialogId}")), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    internal int Write(Span<byte> to)
    {
        to[0] = IsWhole ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(to[1..], (ushort)Smallest.Length);
        for (var i = 0; i < Smallest.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(to[(HeaderBytes + (i * sizeof(ulong)))..], Smallest.Span[i]);
        }

        return ByteCount;
    }

    internal static DialogSketch? Read(ref ReadOnlySpan<byte> from)
    {
        if (from.Length < HeaderBytes)
        {
            return null;
        }

        var isWhole = from[0] == 1;
        var count = BinaryPrimitives.ReadUInt16LittleEndian(from[1..]);
        if (count > Size || (count == 0 && !isWhole) || from.Length < HeaderBytes + (count * sizeof(ulong)))
        {
            return null;
        }

        var smallest = new ulong[count];
        for (var i = 0; i < count; i++)
        {
            smallest[i] = BinaryPrimitives.ReadUInt64LittleEndian(from[(HeaderBytes + (i * sizeof(ulong)))..]);
        }

        from = from[(HeaderBytes + (count * sizeof(ulong)))..];
        return new DialogSketch(smallest, isWhole);
    }
}
