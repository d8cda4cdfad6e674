using ReplyX.Api.Dialogs;
using ReplyX.Client;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;

namespace ReplyX.Validation.Services;

/// <summary>Has every address of a socket made that the API and the .NET client make.</summary>
internal static class AddressTrial
{
    private const string Api = "ReplyX.Api/Dialogs/RealtimeEndpointOptions.cs";
    private const string Client = "ReplyX.Client/Connection/RealtimeUrls.cs";
    private static readonly Uri _service = new("https://realtime.example.com");

    public static IReadOnlyList<MadeAddress> Make()
    {
        var api = new RealtimeEndpointOptions { PublicUrl = _service };
        var client = new RealtimeUrls(_service);
        return
        [
            .. Enum.GetValues<DialogMode>().Select(mode => Made(Api, mode.ToWire(), api.SocketOf(Dialog(mode)))),
            .. Enum.GetValues<DialogChannel>().Select(channel => Made(Client, channel == DialogChannel.Site ? "site" : "widget", client.Visitor(channel, 1))),
            Made(Client, "operator", client.Dialog(1)),
            Made(Client, "list", client.DialogList),
        ];
    }

    private static MadeAddress Made(string by, string kind, Uri address) => new(by, kind, address.AbsolutePath);

    private static Dialog Dialog(DialogMode mode) => new(
        StreamKey.ForDialog("acme", 1), "shop", mode, "guest", DateTimeOffset.MinValue, Listed: true, default, null, null, null, null);
}
