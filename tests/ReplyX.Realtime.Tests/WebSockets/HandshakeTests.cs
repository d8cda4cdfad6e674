using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Tests.WebSockets;

public sealed class HandshakeTests
{
    [Fact]
    public void The_accept_key_is_the_one_of_the_RFCs_example() =>
        Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", Handshake.AcceptKey("dGhlIHNhbXBsZSBub25jZQ=="));

    [Theory]
    [InlineData(0, 2)]
    [InlineData(125, 2)]
    [InlineData(126, 4)]
    [InlineData(65_535, 4)]
    [InlineData(65_536, 10)]
    public void A_servers_header_is_as_short_as_it_can_be(int payload, int header)
    {
        Assert.Equal(header, FrameHeader.UnmaskedLength(payload));
        var frame = OutboundFrame.Text(new byte[payload]);
        Assert.Equal(header + payload, frame.Bytes.Length);
        Assert.Equal(0x81, frame.Bytes.Span[0]);
        Assert.Equal(0, frame.Bytes.Span[1] & 0x80);
    }

    [Fact]
    public void A_close_carries_its_code_and_reason()
    {
        var bytes = OutboundFrame.Close(CloseCode.SlowConsumer, "Lies zügiger").Bytes.ToArray();

        Assert.Equal([0x88, (byte)(bytes.Length - 2), 0x0F, 0xAA], bytes[..4]);
        Assert.Equal("Lies zügiger", System.Text.Encoding.UTF8.GetString(bytes[4..]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(1_000)]
    public void Unmasking_is_the_byte_by_byte_xor(int length)
    {
        var payload = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        byte[] key = [0x11, 0x22, 0x33, 0x44];
        var expected = payload.Select((value, i) => (byte)(value ^ key[i & 3])).ToArray();

        Masking.Unmask(payload, BitConverter.ToUInt32(key));

        Assert.Equal(expected, payload);
    }

    [Fact]
    public void A_header_is_not_read_before_it_is_whole()
    {
        var frame = ClientFrames.Frame(ClientFrames.Text, new byte[70_000]);
        for (var length = 0; length < 14; length++)
        {
            Assert.Equal(FrameHeaderStatus.Incomplete, FrameHeader.TryRead(frame.AsSpan(0, length), out _, out _));
        }

        Assert.Equal(FrameHeaderStatus.Complete, FrameHeader.TryRead(frame.AsSpan(0, 14), out var header, out var headerLength));
        Assert.Equal(70_000, header.PayloadLength);
        Assert.Equal(14, headerLength);
    }
}
