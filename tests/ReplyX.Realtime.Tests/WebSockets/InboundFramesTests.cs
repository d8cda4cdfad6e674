using System.Text;
using ReplyX.Realtime.WebSockets;
using ReplyX.Testing;

namespace ReplyX.Realtime.Tests.WebSockets;

public sealed class InboundFramesTests
{
    private const int MaxMessage = 100_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(MaxMessage)]
    public void A_message_comes_out_as_it_went_in_however_its_bytes_arrive(int length)
    {
        var random = Seed.Random();
        var text = new string('x', length);
        var frame = ClientFrames.Frame(ClientFrames.Text, Encoding.UTF8.GetBytes(text));

        var (messages, _) = ReadAll(Chunks(frame, random, Math.Max(1, frame.Length / 7)));

        Assert.Equal([text], messages);
    }

    [Fact]
    public void Many_messages_and_fragments_with_pings_between_survive_any_cut_of_the_bytes()
    {
        var random = Seed.Random();
        List<byte> bytes = [];
        List<string> expected = [];
        for (var i = 0; i < 200; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => "aé漢🎉"[(random.Next(4) is var at && at == 3 ? 3 : at)..(at == 3 ? 5 : at + 1)]));
            var utf8 = Encoding.UTF8.GetBytes(text);
            expected.Add(text);

            // Cut anywhere, inside a character too: fragments are of bytes.
            var cut = random.Next(utf8.Length + 1);
            bytes.AddRange(ClientFrames.Frame(ClientFrames.Text, utf8.AsSpan(0, cut), final: false));
            bytes.AddRange(ClientFrames.Frame(ClientFrames.Ping, "hi"u8));
            bytes.AddRange(ClientFrames.Frame(0, utf8.AsSpan(cut)));
        }

        var (messages, last) = ReadAll(Chunks([.. bytes], random, 40));

        Assert.Equal(expected, messages);
        Assert.Equal(InboundKind.Incomplete, last);
    }

    public static TheoryData<string, byte[], object> Violations => new()
    {
        { "unmasked", ClientFrames.Frame(ClientFrames.Text, "x"u8, masked: false), InboundKind.ProtocolError },
        { "reserved bit", ClientFrames.Frame(ClientFrames.Text, "x"u8, reserved: 0x40), InboundKind.ProtocolError },
        { "reserved opcode", ClientFrames.Frame(0x3, "x"u8), InboundKind.ProtocolError },
        { "reserved control opcode", ClientFrames.Frame(0xB, "x"u8), InboundKind.ProtocolError },
        { "continuation of nothing", ClientFrames.Frame(0, "x"u8), InboundKind.ProtocolError },
        { "message within a message", [.. ClientFrames.Frame(ClientFrames.Text, "x"u8, final: false), .. ClientFrames.Frame(ClientFrames.Text, "y"u8)], InboundKind.ProtocolError },
        { "fragmented ping", ClientFrames.Frame(ClientFrames.Ping, "x"u8, final: false), InboundKind.ProtocolError },
        { "long ping", ClientFrames.Frame(ClientFrames.Ping, new byte[126]), InboundKind.ProtocolError },
        { "close of one byte", ClientFrames.Frame(ClientFrames.Close, [1]), InboundKind.ProtocolError },
        { "close with a code that is never sent", ClientFrames.Frame(ClientFrames.Close, [0x03, 0xED]), InboundKind.ProtocolError },
        { "close with a bad reason", ClientFrames.Frame(ClientFrames.Close, [0x03, 0xE8, 0xFF]), InboundKind.ProtocolError },
        { "binary", ClientFrames.Frame(ClientFrames.Binary, "x"u8), InboundKind.UnsupportedData },
        { "bad UTF-8", ClientFrames.Frame(ClientFrames.Text, [0xC3, 0x28]), InboundKind.InvalidPayload },
        { "surrogate in UTF-8", ClientFrames.Frame(ClientFrames.Text, [0xED, 0xA0, 0x80]), InboundKind.InvalidPayload },
        { "too big", ClientFrames.Frame(ClientFrames.Text, new byte[MaxMessage + 1]), InboundKind.TooBig },
        { "too big in sum", [.. ClientFrames.Frame(ClientFrames.Text, new byte[MaxMessage], final: false), .. ClientFrames.Frame(0, "x"u8)], InboundKind.TooBig },
        { "length with the sign bit", [0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4], InboundKind.ProtocolError },
    };

    [Theory, MemberData(nameof(Violations))]
    public void What_breaks_the_protocol_is_told_by_its_code(string what, byte[] bytes, object kind)
    {
        var (_, last) = ReadAll([bytes]);

        Assert.True(last.Equals(kind), $"{what}: {last}");
    }

    [Fact]
    public void A_message_that_is_too_big_is_refused_by_its_header_alone()
    {
        var frame = ClientFrames.Frame(ClientFrames.Text, new byte[MaxMessage + 1]);

        var (_, last) = ReadAll([frame[..14]]);

        Assert.Equal(InboundKind.TooBig, last);
    }

    [Theory]
    [InlineData("the first byte of a character and another's", new byte[] { 0x61, 0xC3, 0x28 })]
    [InlineData("a byte that begins nothing", new byte[] { 0xFF })]
    [InlineData("the beginning of a surrogate", new byte[] { 0xED, 0xA0 })]
    [InlineData("the beginning of a longer form than need be", new byte[] { 0xE0, 0x80 })]
    public void Text_that_is_broken_is_told_by_the_fragment_that_breaks_it(string what, byte[] bytes)
    {
        var (_, last) = ReadAll([ClientFrames.Frame(ClientFrames.Text, bytes, final: false)]);

        Assert.True(last == InboundKind.InvalidPayload, $"{what}: {last}");
    }

    [Fact]
    public void Text_that_ends_amid_a_character_is_broken()
    {
        var (messages, last) = ReadAll(
            [ClientFrames.Frame(ClientFrames.Text, "a\u00e9"u8[..2], final: false), ClientFrames.Frame(0, [])]);

        Assert.Empty(messages);
        Assert.Equal(InboundKind.InvalidPayload, last);
    }

    [Fact]
    public void A_part_of_a_message_is_no_message()
    {
        var frame = ClientFrames.Frame(ClientFrames.Text, "hello"u8);

        var (messages, last) = ReadAll([frame[..^1]]);

        Assert.Empty(messages);
        Assert.Equal(InboundKind.Incomplete, last);
    }

    [Fact]
    public void Random_bytes_are_a_violation_or_wait_for_more()
    {
        var random = Seed.Random();
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = new byte[random.Next(1, 300)];
            random.NextBytes(bytes);
            var (_, last) = ReadAll([bytes]);
            Assert.True(last is not (InboundKind.Text or InboundKind.Fragment or InboundKind.Ping or InboundKind.Pong), $"{last}");
        }
    }

    private static IEnumerable<byte[]> Chunks(byte[] bytes, Random random, int most)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(bytes.Length - at, random.Next(1, most + 1));
            yield return bytes[at..(at + length)];
            at += length;
        }
    }

    // As a connection does: what is not a whole frame is kept, and comes before what is received next.
    private static (List<string> Messages, InboundKind Last) ReadAll(IEnumerable<byte[]> chunks)
    {
        var frames = new InboundFrames(MaxMessage);
        List<string> messages = [];
        byte[] kept = [];
        foreach (var chunk in chunks)
        {
            kept = [.. kept, .. chunk];
            var bytes = kept.AsSpan();
            while (true)
            {
                var kind = frames.Take(ref bytes, out var payload);
                if (kind == InboundKind.Text)
                {
                    messages.Add(Encoding.UTF8.GetString(payload));
                }
                else if (kind is not (InboundKind.Fragment or InboundKind.Ping or InboundKind.Pong or InboundKind.Incomplete))
                {
                    frames.Release();
                    return (messages, kind);
                }
                else if (kind == InboundKind.Incomplete)
                {
                    break;
                }
            }

            kept = bytes.ToArray();
        }

        frames.Release();
        return (messages, InboundKind.Incomplete);
    }
}
