using System.Text;
using ReplyX.Integration.Tests.Hosting;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>Messages in fragments: each is judged as it comes.</summary>
public sealed class FragmentTests : NodeTest
{
    // What no text can go on from: bytes that never occur, forms longer than need be, a surrogate, more than Unicode has.
    public static TheoryData<string> Broken { get; } = new(
        "FF", "61FF", "80", "C080", "C380C3C3", "E080", "E28228", "EDA080", "EDA0", "F08080", "F490", "F5", "D0BFD0D0");

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Bytes_that_are_no_text_close_with_1007_at_the_fragment_that_has_them(string bytes)
    {
        using var socket = await OpenAsync();

        await socket.SendAsync(ClientFrame.Of(ClientFrame.TextOpcode, Convert.FromHexString(bytes), final: false));

        await AssertClosesWith1007Async(socket);
    }

    [Fact]
    public async Task A_code_point_that_breaks_at_the_second_fragment_closes_with_1007_there()
    {
        using var socket = await OpenAsync();

        await socket.SendAsync(ClientFrame.Of(ClientFrame.TextOpcode, [0xE2, 0x82], final: false));
        await socket.SendAsync(ClientFrame.Of(ClientFrame.Continuation, [0x28], final: false));

        await AssertClosesWith1007Async(socket);
    }

    [Fact]
    public async Task A_text_that_may_be_split_at_every_byte_is_taken()
    {
        // Two, three and four bytes long, and an empty fragment amid each.
        var text = Encoding.UTF8.GetBytes("""{"type":"Пя€👩‍👩‍👧"}""");
        using var socket = await OpenAsync();

        await socket.SendAsync(ClientFrame.Of(ClientFrame.TextOpcode, text.AsSpan(0, 1), final: false));
        for (var i = 1; i < text.Length; i++)
        {
            await socket.SendAsync(ClientFrame.Of(ClientFrame.Continuation, final: false));
            await socket.SendAsync(ClientFrame.Of(ClientFrame.Continuation, text.AsSpan(i, 1), final: i == text.Length - 1));
        }

        var answer = await socket.ReadAsync("the answer");
        Assert.Contains("unknown_type", answer?.ToString() ?? "the end", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_ends_amid_a_code_point_closes_with_1007()
    {
        using var socket = await OpenAsync();

        await socket.SendAsync(ClientFrame.Of(ClientFrame.TextOpcode, [0xE2], final: false));
        await socket.SendAsync(ClientFrame.Of(ClientFrame.Continuation, [0x82], final: true));

        await AssertClosesWith1007Async(socket);
    }

    // Who waits for the end of the message answers the ping first.
    private static async Task AssertClosesWith1007Async(FrameSocket socket)
    {
        await socket.TrySendAsync(ClientFrame.Of(ClientFrame.PingOpcode));

        var answer = await socket.ReadAsync("the close");
        Assert.Equal("close 1007", answer?.ToString() ?? "the end");
    }

    private Task<FrameSocket> OpenAsync() => FrameSocket.OpenAndGreetAsync(Node.Url, "/ws/dialogs", Node.OperatorToken());
}
