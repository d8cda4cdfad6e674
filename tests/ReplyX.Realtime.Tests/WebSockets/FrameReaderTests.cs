using System.IO.Pipelines;
using System.Text;
using ReplyX.Realtime.WebSockets;
using ReplyX.Testing;

namespace ReplyX.Realtime.Tests.WebSockets;

public sealed class FrameReaderTests
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
    public async Task A_message_comes_out_as_it_went_in_however_its_bytes_arrive(int length)
    {
        var random = Seed.Random();
        var text = new string('x', length);
        var frame = ClientFrames.Frame(ClientFrames.Text, Encoding.UTF8.GetBytes(text));

        var (messages, _) = await ReadAllAsync(Chunks(frame, random, Math.Max(1, frame.Length / 7)));

        Assert.Equal([text], messages);
    }

    [Fact]
    public async Task Many_messages_and_fragments_with_pings_between_survive_any_cut_of_the_bytes()
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

        var (messages, last) = await ReadAllAsync(Chunks([.. bytes], random, 40));

        Assert.Equal(expected, messages);
        Assert.Equal(InboundKind.End, last.Kind);
    }

    public static TheoryData<string, byte[], int> Violations => new()
    {
        { "unmasked", ClientFrames.Frame(ClientFrames.Text, "x"u8, masked: false), 1002 },
        { "reserved bit", ClientFrames.Frame(ClientFrames.Text, "x"u8, reserved: 0x40), 1002 },
        { "reserved opcode", ClientFrames.Frame(0x3, "x"u8), 1002 },
        { "reserved control opcode", ClientFrames.Frame(0xB, "x"u8), 1002 },
        { "continuation of nothing", ClientFrames.Frame(0, "x"u8), 1002 },
        { "message within a message", [.. ClientFrames.Frame(ClientFrames.Text, "x"u8, final: false), .. ClientFrames.Frame(ClientFrames.Text, "y"u8)], 1002 },
        { "fragmented ping", ClientFrames.Frame(ClientFrames.Ping, "x"u8, final: false), 1002 },
        { "long ping", ClientFrames.Frame(ClientFrames.Ping, new byte[126]), 1002 },
        { "close of one byte", ClientFrames.Frame(ClientFrames.Close, [1]), 1002 },
        { "close with a code that is never sent", ClientFrames.Frame(ClientFrames.Close, [0x03, 0xED]), 1002 },
        { "close with a bad reason", ClientFrames.Frame(ClientFrames.Close, [0x03, 0xE8, 0xFF]), 1002 },
        { "binary", ClientFrames.Frame(ClientFrames.Binary, "x"u8), 1003 },
        { "bad UTF-8", ClientFrames.Frame(ClientFrames.Text, [0xC3, 0x28]), 1007 },
        { "surrogate in UTF-8", ClientFrames.Frame(ClientFrames.Text, [0xED, 0xA0, 0x80]), 1007 },
        { "too big", ClientFrames.Frame(ClientFrames.Text, new byte[MaxMessage + 1]), 1009 },
        { "too big in sum", [.. ClientFrames.Frame(ClientFrames.Text, new byte[MaxMessage], final: false), .. ClientFrames.Frame(0, "x"u8)], 1009 },
        { "length with the sign bit", [0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4], 1002 },
    };

    [Theory, MemberData(nameof(Violations))]
    public async Task What_breaks_the_protocol_is_told_by_its_code(string what, byte[] bytes, int code)
    {
        var (_, last) = await ReadAllAsync([bytes]);

        Assert.True(last.Kind == InboundKind.Violation, what);
        Assert.Equal(code, (int)last.Violation);
    }

    [Fact]
    public async Task A_message_that_is_too_big_is_refused_by_its_header_alone()
    {
        var pipe = new Pipe();
        using var reader = new FrameReader(pipe.Reader, MaxMessage);
        await pipe.Writer.WriteAsync(ClientFrames.Frame(ClientFrames.Text, new byte[MaxMessage + 1]).AsMemory(0, 14), TestTimeout.Token());

        var message = await reader.ReadAsync(TestTimeout.Token());

        Assert.Equal(CloseCode.MessageTooBig, message.Violation);
    }

    [Fact]
    public async Task An_end_amid_a_message_is_an_end_and_no_message()
    {
        var frame = ClientFrames.Frame(ClientFrames.Text, "hello"u8);

        var (messages, last) = await ReadAllAsync([frame[..^1]]);

        Assert.Empty(messages);
        Assert.Equal(InboundKind.End, last.Kind);
    }

    [Fact]
    public async Task Random_bytes_end_in_a_violation_or_an_end()
    {
        var random = Seed.Random();
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = new byte[random.Next(1, 300)];
            random.NextBytes(bytes);
            var (_, last) = await ReadAllAsync([bytes]);
            Assert.True(last.Kind is InboundKind.Violation or InboundKind.End or InboundKind.Close);
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

    private static async Task<(List<string> Messages, InboundMessage Last)> ReadAllAsync(IEnumerable<byte[]> chunks)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        using var reader = new FrameReader(pipe.Reader, MaxMessage);
        var writing = Task.Run(async () =>
        {
            foreach (var chunk in chunks)
            {
                await pipe.Writer.WriteAsync(chunk, CancellationToken.None);
            }

            await pipe.Writer.CompleteAsync();
        });

        List<string> messages = [];
        while (true)
        {
            var message = await reader.ReadAsync(TestTimeout.Token());
            switch (message.Kind)
            {
                case InboundKind.Text:
                    messages.Add(Encoding.UTF8.GetString(message.Payload.Span));
                    break;
                case InboundKind.Ping or InboundKind.Pong:
                    break;
                default:
                    await writing;
                    return (messages, message);
            }
        }
    }
}
