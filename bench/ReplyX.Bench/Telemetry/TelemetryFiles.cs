using System.Text.Json;
using ReplyX.Bench.Results;

namespace ReplyX.Bench.Telemetry;

/// <summary>The results as files: telemetry.json, and telemetry.md and telemetry.svg that are made from it.</summary>
internal static class TelemetryFiles
{
    private const string Name = "telemetry";

    public static void Write(string folder, TelemetryResults results)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, Name + ".json"), JsonSerializer.Serialize(results, ResultFiles.Json) + "\n");
        File.WriteAllText(Path.Combine(folder, Name + ".md"), TelemetryPage.Whole(results));
        File.WriteAllText(Path.Combine(folder, Name + ".svg"), TelemetryChart.Draw(results));
    }

    /// <summary>Makes the page and the picture anew.</summary>
    public static void Rewrite(string folder) => Write(folder, Read(folder));

    /// <summary>Reads the results of a run.</summary>
    public static TelemetryResults Read(string folder)
        => JsonSerializer.Deserialize<TelemetryResults>(File.ReadAllText(Path.Combine(folder, Name + ".json")), ResultFiles.Json)!;
}
