using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReplyX.Bench.Results;

/// <summary>Results as files: compare.json, and compare.md and compare.svg that are made from it.</summary>
internal static class ResultFiles
{
    private const string Name = "compare";

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(string folder, BenchResults results)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, Name + ".json"), JsonSerializer.Serialize(results, Json) + "\n");
        File.WriteAllText(Path.Combine(folder, Name + ".md"), MarkdownReport.Whole(results));
        File.WriteAllText(Path.Combine(folder, Name + ".svg"), RatioChart.Draw(results));
    }

    /// <summary>Makes the page and the picture anew.</summary>
    public static void Rewrite(string folder) => Write(folder, Read(Path.Combine(folder, Name + ".json")));

    /// <summary>Reads the results of a run.</summary>
    public static BenchResults Read(string file) => JsonSerializer.Deserialize<BenchResults>(File.ReadAllText(file), Json)!;
}
