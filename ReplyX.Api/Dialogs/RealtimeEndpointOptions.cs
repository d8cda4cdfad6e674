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

    /// <summary>The realtime service as a socket's address.</summary>
    public Uri GetSocketRoot() => At("");

    /// <summary>The origin of all sockets, as a page's policy names it.</summary>
    public string GetSocketOrigin() => GetSocketRoot().GetLeftPart(UriPartial.Authority);

    /// <summary>The address of a visitor's socket.</summary>
    public Uri SocketOf(Dialog dialog) => At(string.Create(CultureInfo.InvariantCulture, $"/ws/{dialog.Mode.ToWire()}/dialogs/{dialog.Id}"));

    private Uri At(string path)
    {
        var root = PublicUrl!;
        return new UriBuilder(root)
        {
            Scheme = root.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs,
            Port = root.IsDefaultPort ? -1 : root.Port,
            Path = root.AbsolutePath.TrimEnd('/') + path,
            Query = "",
            Fragment = "",
        }.Uri;
    }
}
