using System.Buffers.Binary;
using ReplyX.Bench.Load;

namespace ReplyX.Bench.Tests;

public sealed class WebSocketFrameTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void A_frame_is_read_when_its_last_byte_is_there_and_not_before(int length)
    {
        var frame = FrameOfServer(length);
        for (var there = 0; there < frame.Length; there += Math.Max(1, frame.Length / 300))
        {
            Assert.Equal(0, WebSocketFrame.TryRead(frame.AsSpan(0, there), out _, out _, out _));
        }

        byte[] andMore = [.. frame, 0x81, 0x00];
        Assert.Equal(frame.Length, WebSocketFrame.TryRead(andMore, out var opcode, out var isFinal, out var payload));
        Assert.Equal((WebSocketFrame.Text, true, length), (opcode, isFinal, payload.Length));
    }

    [Fact]
    public void A_written_frame_is_masked_with_zeroes()
    {
        var target = new byte[WebSocketFrame.MaxHeaderLength + 2];
        var length = WebSocketFrame.Write(target, WebSocketFrame.Text, "hi"u8);
        Assert.Equal([0x81, 0x82, 0, 0, 0, 0, (byte)'h', (byte)'i'], target[..length]);
    }

    private static byte[] FrameOfServer(int length)
    {
        byte[] header = [0x81, (byte)Math.Min(length, 126)];
        if (length > ushort.MaxValue)
        {
            header = [0x81, 127, .. new byte[8]];
            BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(2), length);
        }
        else if (length >= 126)
        {
            header = [0x81, 126, .. new byte[2]];
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)length);
        }

        return [.. header, .. new byte[length]];
    }
}
