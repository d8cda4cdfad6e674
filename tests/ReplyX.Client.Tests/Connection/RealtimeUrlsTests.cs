namespace ReplyX.Client.Tests.Connection;

public sealed class RealtimeUrlsTests
{
    [Theory]
    [InlineData("http://localhost:5090", "ws://localhost:5090/ws/widget/dialogs/7")]
    [InlineData("https://rt.example.com/", "wss://rt.example.com/ws/widget/dialogs/7")]
    [InlineData("https://example.com/realtime", "wss://example.com/realtime/ws/widget/dialogs/7")]
    public void Names_The_Sockets_Under_A_Service(string root, string expected)
        => Assert.Equal(expected, new RealtimeUrls(new Uri(root)).Visitor(DialogChannel.Widget, 7).AbsoluteUri);

    [Theory]
    [InlineData("ws://localhost:5090/ws/site/dialogs/7", "ws://localhost:5090/ws/dialogs")]
    [InlineData("wss://example.com/realtime/ws/widget/dialogs/7", "wss://example.com/realtime/ws/dialogs")]
    public void Finds_The_Service_Of_A_Socket(string socket, string list)
        => Assert.Equal(list, RealtimeUrls.SameServiceAs(new Uri(socket)).DialogList.AbsoluteUri);

    [Fact]
    public void Options_That_Cannot_Work_Are_Refused_At_Once()
    {
        Assert.Throws<ArgumentException>(() => New(o => new() { Url = new Uri("ftp://x/"), TokenProvider = o.TokenProvider }));
        Assert.Throws<ArgumentException>(() => New(o => new() { Url = new Uri("ws://x/ws?token=abc"), TokenProvider = o.TokenProvider }));
        Assert.Throws<ArgumentNullException>(() => New(o => new() { Url = o.Url, TokenProvider = null! }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => New(o => new() { Url = o.Url, TokenProvider = o.TokenProvider, SilenceLimit = TimeSpan.FromSeconds(20) }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => New(o => new() { Url = o.Url, TokenProvider = o.TokenProvider, MaxReconnectDelay = TimeSpan.FromMilliseconds(1) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => New(o => new() { Url = o.Url, TokenProvider = o.TokenProvider, EventCapacity = 0 }));
    }

    private static ReplyXConnection New(Func<ReplyXConnectionOptions, ReplyXConnectionOptions> change)
        => new(change(new ReplyXConnectionOptions { Url = new Uri("ws://x/ws"), TokenProvider = (_, _) => ValueTask.FromResult<string?>("t") }));
}
