using System.Text;

namespace ReplyX.Bench.Results;

/// <summary>Results as text for a terminal.</summary>
internal static class ResultTables
{
    /// <summary>One measurement on one line.</summary>
    public static string Line(Measurement measured, string operation)
    {
        var text = new StringBuilder();
        text.Append($"{measured.TotalCpu:0.00} µs CPU a {operation}");
        if (measured.CpuMicroseconds.Count > 1)
        {
            text.Append($" ({string.Join(", ", measured.CpuMicroseconds.Select(part => $"{part.Key} {part.Value:0.00}"))})");
        }

        text.Append($"; {measured.Operations / measured.Seconds:0}/s");
        if (measured is { P50: { } p50, P99: { } p99 })
        {
            text.Append($"; p50 {p50:0.00} ms, p99 {p99:0.00} ms");
        }

        if (measured.ResidentKiB is { } resident)
        {
            text.Append($"; {string.Join(", ", resident.Select(part => $"{part.Key} {part.Value:0.0} KiB"))} a socket");
        }

        text.Append($"; client {measured.ClientCores:0.00} cores");
        return text.Append(measured.IsComplete ? "" : $"; {measured.Missing} MISSING, {measured.Duplicates} TWICE").ToString();
    }

    public static string Text(BenchResults results)
    {
        var text = new StringBuilder();
        text.Append(MarkdownReport.Ratios(results));
        foreach (var failure in results.Failures)
        {
            text.AppendLine($"not measured: {failure}");
        }

        return text.ToString().TrimEnd();
    }
}
