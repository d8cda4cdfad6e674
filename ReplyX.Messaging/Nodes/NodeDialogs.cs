namespace ReplyX.Messaging.Nodes;

/// <summary>Which dialogs have a socket on a node, by pool.</summary>
/// <param name="Admin">Those with one of the pool <c>ws_connections</c>.</param>
/// <param name="Site">Those with one of the pool <c>ws_site_connections</c>.</param>
public sealed record NodeDialogs(DialogSketch Admin, DialogSketch Site)
{
    // What begins otherwise was written by another version, and is not read.
    private const byte Version = 1;

    /// <summary>No dialogs.</summary>
    public static NodeDialogs None { get; } = new(DialogSketch.Empty, DialogSketch.Empty);

    /// <summary>As it lies in Redis.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[1 + Admin.ByteCount + Site.ByteCount];
        bytes[0] = Version;
        var admin = Admin.Write(bytes.AsSpan(1));
        Site.Write(bytes.AsSpan(1 + admin));
        return bytes;
    }

    /// <summary>Reads what lies in Redis.</summary>
    /// <param name="bytes">The value; null if there is none.</param>
    /// <returns>Null if that is none, or of another version.</returns>
    public static NodeDialogs? Read(byte[]? bytes)
    {
        if (bytes is not [Version, ..])
        {
            return null;
        }

        ReadOnlySpan<byte> rest = bytes.AsSpan(1);
        return DialogSketch.Read(ref rest) is { } admin && DialogSketch.Read(ref rest) is { } site ? new NodeDialogs(admin, site) : null;
    }
}
