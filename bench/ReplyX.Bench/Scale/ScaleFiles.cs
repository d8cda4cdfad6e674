using System.Text.Json;
using ReplyX.Bench.Results;

namespace ReplyX.Bench.Scale;

/// <summary>The simulation's files: scale.json, and scale.md's tables and scale.svg that are made from it.</summary>
internal static class ScaleFiles
{
    private const string Name = "scale";

    /// <summary>Makes the page's tables and the picture anew.</summary>
    public static void Rewrite(string folder)
    {
        var input = Read(folder);
        var page = File(folder, ".md");
        System.IO.File.WriteAllText(page, ScalePage.Fill(System.IO.File.ReadAllText(page), input));
        System.IO.File.WriteAllText(File(folder, ".svg"), ScaleChart.Draw(input));
    }

    /// <summary>Takes the costs from a run of the benchmark, measures Redis, and writes scale.json. Assumptions that are there stay.</summary>
    public static async Task MeasureAsync(string folder, string results)
    {
        var assumed = System.IO.File.Exists(File(folder, ".json")) ? Read(folder).Assumed : new Assumptions();
        var input = MeasuredInput.Of(ResultFiles.Read(results), await RedisCosts.MeasureAsync(), assumed);
        System.IO.File.WriteAllText(File(folder, ".json"), JsonSerializer.Serialize(input, ResultFiles.Json) + "\n");
    }

    public static ScaleInput Read(string folder)
        => JsonSerializer.Deserialize<ScaleInput>(System.IO.File.ReadAllText(File(folder, ".json")), ResultFiles.Json)!;

    private static string File(string folder, string extension) => Path.Combine(folder, Name + extension);
}
