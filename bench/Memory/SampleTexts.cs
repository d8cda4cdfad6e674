using System.Text.Json;

namespace ReplyX.Bench.Memory;

/// <summary>What is said in the sample conversations.</summary>
internal static class SampleTexts
{
    // The samples hold a few texts of the greatest length, for tests' sake; people do not write those.
    private const int Longest = 1_000;

    public static IReadOnlyList<string> Read(string folder)
    {
        List<string> texts = [];
        foreach (var line in Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(file => File.ReadAllText(file).Split('\n')))
        {
            if (line.Length == 0)
            {
                continue;
            }

            using var json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty("text", out var text) && text.GetString()!.Length <= Longest)
            {
                texts.Add(text.GetString()!);
            }
        }

        return texts;
    }
}
