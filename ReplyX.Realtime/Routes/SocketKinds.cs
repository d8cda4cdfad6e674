namespace ReplyX.Realtime.Routes;

internal static class SocketKinds
{
    private static readonly string[] _labels = [.. Enum.GetNames<SocketKind>().Select(name => name.ToLowerInvariant())];

    /// <summary>Every kind as metrics name it, in the order of the values.</summary>
    public static IReadOnlyList<string> Labels => _labels;

    /// <summary>The kind as metrics name it.</summary>
    public static string Label(SocketKind kind) => _labels[(int)kind];
}
