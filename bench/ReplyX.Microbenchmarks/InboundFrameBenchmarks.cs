using System.Buffers.Binary;
using System.Text;
using BenchmarkDotNet.Attributes;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Microbenchmarks;

/// <summary>What it costs to read a client's frame: heartbeats, most of all, and messages.</summary>
[MemoryDiagnoser]
public class InboundFrameBenchmarks
{
    private const uint Mask = 0x3c5a96e1;

    private byte[] _frame = [];
    private byte[] _received = [];
    private InboundFrames _frames;

    /// <summary>A heartbeat, a message, a long one, and the longest text.</summary>
    [Params(8, 200, 4_000, 48_000)]
    public int PayloadBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _frame = Masked(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Hello, where is my order? ", (PayloadBytes / 26) + 1))[..PayloadBytes]));
        _received = new byte[_frame.Length];
        _frames = new InboundFrames(64 * 1024);
    }

    [Benchmark]
    public int Header() => FrameHeader.TryRead(_frame, out _, out var length) == FrameHeaderStatus.Complete ? length : throw new InvalidOperationException();

    /// <summary>With the copy that stands for the read from the connection: masks are taken off in place.</summary>
    [Benchmark]
    public int WholeFrame()
    {
        _frame.CopyTo(_received, 0);
        var bytes = _received.AsSpan();
        return _frames.Take(ref bytes, out var payload) == InboundKind.Text ? payload.Length : throw new InvalidOperationException();
    }

    private static byte[] Masked(byte[] payload)
    {
        var header = new byte[FrameHeader.MaxUnmaskedLength];
        FrameHeader.WriteUnmasked(header, Opcode.Text, payload.Length);
        header[1] |= 0x80;
        byte[] mask = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(mask, Mask);
        return [.. header.AsSpan(0, FrameHeader.UnmaskedLength(payload.Length)), .. mask, .. payload.Select((value, i) => (byte)(value ^ mask[i % mask.Length]))];
    }
}
