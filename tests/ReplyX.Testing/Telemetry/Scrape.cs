using System.Globalization;
using System.Text.RegularExpressions;

namespace ReplyX.Testing;

/// <summary>A sample of a scrape.</summary>
public sealed record ScrapedSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>An answer of <c>/metrics</c>, in the text format of Prometheus.</summary>
public sealed partial class Scrape
{
    private Scrape(IReadOnlyDictionary<string, string> families, IReadOnlyList<ScrapedSample> samples) => (Families, Samples) = (families, samples);

    /// <summary>The kind of each family.</summary>
    public IReadOnlyDictionary<string, string> Families { get; }

    public IReadOnlyList<ScrapedSample> Samples { get; }

    public static Scrape Parse(string text)
    {
        var families = new Dictionary<string, string>();
        List<ScrapedSample> samples = [];
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                families[words[2]] = words[3];
            }
            else if (Sample().Match(line) is { Success: true } sample)
            {
                samples.Add(new ScrapedSample(
                    sample.Groups["name"].Value,
                    Label().Matches(sample.Groups["labels"].Value).ToDictionary(label => label.Groups[1].Value, label => label.Groups[2].Value),
                    double.Parse(sample.Groups["value"].Value.Replace("+Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture)));
            }
        }

        return new Scrape(families, samples);
    }

    /// <summary>A family's samples; of a histogram those of its buckets, sum and count.</summary>
    public IEnumerable<ScrapedSample> Of(string family) => Samples.Where(sample =>
        sample.Name == family || (Families.GetValueOrDefault(family) == "histogram" && Part().Replace(sample.Name, "") == family));

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>.*)\})? (?<value>\S+)( \d+)?$")]
    private static partial Regex Sample();

    [GeneratedRegex("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Label();

    [GeneratedRegex("_(bucket|count|sum)$")]
    private static partial Regex Part();
}
