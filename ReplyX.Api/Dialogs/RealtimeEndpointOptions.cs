using System.ComponentModel.DataAnnotations;
using System.Globalization;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Api.Dialogs;

/// <summary>Where clients open their sockets. Bound from <c>Realtime</c>.</summary>
internal sealed class RealtimeEndpointOptions
{
    public const string Section = "Realtime";

    /// <summary>The realtime service as clients reach it, <c>http</c> or <c>https</c>.</summary>
    [Required]
    public Uri? PublicUrl { get; set; }

    public bool IsValid => PublicUrl is { IsAbsoluteUri: true, Scheme: "http" or "https" };

    /// <summary>The address of a visitor's socket.</summary>
    public Uri SocketOf(Dialog dialog)
    {
        var root = PublicUrl!;
        return new UriBuilder(root)
        {
            Scheme = root.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs,
            Port = root.IsDefaultPort ? -1 : root.Port,
            Path = string.Create(CultureInfo.InvariantCulture, $"{root.AbsolutePath.TrimEnd('/')}/ws/{dialog.Mode.ToWire()}/dialogs/{dialog.Id}"),
            Query = "",
            Fragment = "",
        }.Uri;
    }
}
