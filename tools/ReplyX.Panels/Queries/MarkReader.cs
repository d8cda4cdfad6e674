using System.Text.Json;
using ReplyX.Panels.Dashboards;

namespace ReplyX.Panels.Queries;

/// <summary>Finds the marks of a dashboard's annotation queries.</summary>
internal static class MarkReader
{
    /// <summary>The query of an annotation, or null for Grafana's own, which live in its database.</summary>
    public static string? QueryOf(GrafanaAnnotation annotation) => annotation.Enable ? annotation.Expr ?? annotation.Target?.Expr : null;

    /// <summary>
    /// Grafana's reading of a series: each sample above 0 is an event, and those a step or less apart are one period.
    /// With useValueForTime the value is the event's time in milliseconds.
    /// </summary>
    public static IEnumerable<Mark> Read(GrafanaAnnotation annotation, PrometheusSeries series, TimeRange range)
    {
        var title = SeriesNames.Fill(annotation.TitleFormat ?? "", series.Labels);
        var text = SeriesNames.Fill(annotation.TextFormat ?? "", series.Labels);
        title = title.Length > 0 ? title : annotation.Name;
        if (IsOn(annotation.UseValueForTime))
        {
            return series.Samples.Select(sample => sample.Value / 1000).Distinct()
                .Where(time => time >= range.From && time <= range.To)
                .Select(time => new Mark(title, text, annotation.IconColor, time, time));
        }

        var marks = new List<Mark>();
        foreach (var time in series.Samples.Where(sample => sample.Value > 0).Select(sample => sample.Time))
        {
            if (marks is [.., var last] && time <= last.To + range.Step.TotalSeconds)
            {
                marks[^1] = last with { To = time };
            }
            else
            {
                marks.Add(new(title, text, annotation.IconColor, time, time));
            }
        }

        return marks;
    }

    // Grafana has written it as true and as "on".
    private static bool IsOn(JsonElement? value) => value is { ValueKind: JsonValueKind.True } || (value is { ValueKind: JsonValueKind.String } text && text.GetString() is "on" or "true");
}
