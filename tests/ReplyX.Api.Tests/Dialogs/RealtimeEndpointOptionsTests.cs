using ReplyX.Api.Dialogs;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;

namespace ReplyX.Api.Tests.Dialogs;

public sealed class RealtimeEndpointOptionsTests
{
    [Theory]
    [InlineData("http://localhost:5090", "ws://localhost:5090/ws/widget/dialogs/7")]
    [InlineData("https://rt.example.com", "wss://rt.example.com/ws/widget/dialogs/7")]
    [InlineData("https://example.com:8443/realtime/", "wss://example.com:8443/realtime/ws/widget/dialogs/7")]
    public void The_socket_s_address_follows_the_public_one(string url, string socket)
    {
        var dialog = new Dialog(
            StreamKey.ForDialog("a", 7), "s", DialogMode.Widget, "g", default, false, HandoffState.None, null, null, null, null);
        Assert.Equal(socket, new RealtimeEndpointOptions { PublicUrl = new Uri(url) }.SocketOf(dialog).AbsoluteUri);
    }
}
