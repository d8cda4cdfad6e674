using System.Numerics;
using System.Runtime.InteropServices;

namespace ReplyX.Realtime.WebSockets;

/// <summary>Takes the client's mask off a payload (RFC 6455 section 5.3), a vector at a time.</summary>
internal static class Masking
{
    public static void Unmask(Span<byte> payload, uint mask)
    {
        if (Vector.IsHardwareAccelerated && payload.Length >= Vector<byte>.Count)
        {
            // A vector is a multiple of four bytes, so the mask starts anew with each.
            var vectors = MemoryMarshal.Cast<byte, Vector<uint>>(payload);
            var masks = new Vector<uint>(mask);
            for (var i = 0; i < vectors.Length; i++)
            {
                vectors[i] ^= masks;
            }

            payload = payload[(vectors.Length * Vector<byte>.Count)..];
        }

        Span<byte> key = stackalloc byte[sizeof(uint)];
        MemoryMarshal.Write(key, mask);
        for (var i = 0; i < payload.Length; i++)
        {
            payload[i] ^= key[i & 3];
        }
    }
}
