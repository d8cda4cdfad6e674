using System.Globalization;

namespace ReplyX.Client;

/// <summary>The addresses of the sockets under a realtime service.</summary>
/// <param name="realtime">The service's root, for example <c>http://localhost:5090</c>.</param>
public sealed class RealtimeUrls(Uri realtime)
{
    /// <summary>The account's list of dialogs; operator token.</summary>
    public Uri DialogList => At("ws/dialogs");

    /// <summary>One dialog as its operator sees it; operator token.</summary>
    /// <param name="dialogId">The dialog.</param>
    /// <returns>The address.</returns>
    public Uri Dialog(long dialogId) => At(string.Create(CultureInfo.InvariantCulture, $"ws/dialogs/{dialogId}"));

    /// <summary>One dialog as its visitor sees it; dialog token.</summary>
    /// <param name="channel">Where the visitor writes.</param>
    /// <param name="dialogId">The dialog.</param>
    /// <returns>The address.</returns>
    public Uri Visitor(DialogChannel channel, long dialogId)
        => At(string.Create(CultureInfo.InvariantCulture, $"ws/{channel.ToWire()}/dialogs/{dialogId}"));

    /// <summary>The service that an address of one of its sockets belongs to.</summary>
    /// <param name="socketUrl">For example the address that came with a new dialog.</param>
    /// <returns>The addresses under the same service.</returns>
    public static RealtimeUrls SameServiceAs(Uri socketUrl)
    {
        ArgumentNullException.ThrowIfNull(socketUrl);
        var path = socketUrl.AbsolutePath;
        var root = path.LastIndexOf("/ws/", StringComparison.Ordinal);
        return new RealtimeUrls(new UriBuilder(socketUrl) { Path = root < 0 ? "/" : path[..(root + 1)], Query = "" }.Uri);
    }

    private Uri At(string path)
    {
        var builder = new UriBuilder(realtime) { Query = "" };
        builder.Scheme = builder.Scheme switch { "https" => "wss", "http" => "ws", var socket => socket };
        builder.Path = builder.Path.TrimEnd('/') + "/" + path;
        return builder.Uri;
    }
}
