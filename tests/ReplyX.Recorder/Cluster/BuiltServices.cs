using System.Reflection;

namespace ReplyX.Recorder.Cluster;

/// <summary>The services as they were built with the recorder.</summary>
internal static class BuiltServices
{
    public static string Api { get; } = Find("Api");

    public static string Realtime { get; } = Find("Realtime");

    private static string Find(string key) => typeof(BuiltServices).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
