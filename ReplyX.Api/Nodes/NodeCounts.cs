using System.Globalization;

namespace ReplyX.Api.Nodes;

/// <summary>What is read of a node's metrics: a few series by name, and nothing else of the text.</summary>
/// <param name="MessagesSent">Events written to sockets.</param>
/// <param name="Errors">Sockets refused or broken.</param>
/// <param name="Buckets">How many deliveries took at most so many seconds, cumulative, by that bound.</param>
internal sealed record NodeCounts(long MessagesSent, long Errors, IReadOnlyDictionary<double, double> Buckets)
{
    private const string Sent = "websocket_messages_sent_total";
    private const string Failed = "websocket_connection_errors_total";
    private const string Delivered = "websocket_delivery_duration_seconds_bucket";
    private const string Bound = "le=\"";

    /// <summary>Reads the text format of Prometheus, as far as our exporter writes it.</summary>
    public static NodeCounts Read(string metrics)
    {
        var (sent, failed) = (0.0, 0.0);
        var buckets = new SortedDictionary<double, double>();
        foreach (var line in metrics.AsSpan().EnumerateLines())
        {
            if (TryRead(line, Sent, out _, out var value))
            {
                sent += value;
            }
            else if (TryRead(line, Failed, out _, out value))
            {
                failed += value;
            }
            else if (TryRead(line, Delivered, out var labels, out value) && TryReadBound(labels, out var bound))
            {
                buckets[bound] = buckets.GetValueOrDefault(bound) + value;
            }
        }

        return new NodeCounts((long)sent, (long)failed, buckets);
    }

    /// <summary>How long a share of the deliveries took at most that came since an earlier reading, as Prometheus estimates it.</summary>
    /// <param name="earlier">The earlier reading; null for all since the node's start.</param>
    /// <param name="share">The share, 0.5 for the median.</param>
    /// <returns>Seconds, or null if there were none.</returns>
    public double? Quantile(NodeCounts? earlier, double share)
    {
        var counts = Buckets.Select(bucket => (Bound: bucket.Key, Count: bucket.Value - (earlier?.Buckets.GetValueOrDefault(bucket.Key) ?? 0))).ToList();
        if (counts is not [.., var last] || last.Count < 1)
        {
            return null;
        }

        var wanted = share * last.Count;
        var (from, below) = (0.0, 0.0);
        foreach (var (bound, count) in counts)
        {
            if (count >= wanted)
            {
                // Of what exceeds the greatest bound only that is known.
                return double.IsPositiveInfinity(bound) || count <= below ? from : from + ((bound - from) * (wanted - below) / (count - below));
            }

            (from, below) = (bound, count);
        }

        return from;
    }

    // name{labels} value [timestamp]
    private static bool TryRead(ReadOnlySpan<char> line, string name, out ReadOnlySpan<char> labels, out double value)
    {
        labels = default;
        value = 0;
        if (!line.StartsWith(name, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = line[name.Length..];
        if (rest is ['{', ..])
        {
            var end = rest.LastIndexOf('}');
            if (end < 0)
            {
                return false;
            }

            labels = rest[1..end];
            rest = rest[(end + 1)..];
        }

        if (rest is not [' ', ..])
        {
            return false;
        }

        rest = rest.Trim();
        var space = rest.IndexOf(' ');
        return double.TryParse(space < 0 ? rest : rest[..space], NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }

    private static bool TryReadBound(ReadOnlySpan<char> labels, out double bound)
    {
        bound = 0;
        var at = labels.IndexOf(Bound, StringComparison.Ordinal);
        if (at < 0)
        {
            return false;
        }

        var text = labels[(at + Bound.Length)..];
        var end = text.IndexOf('"');
        if (end < 0)
        {
            return false;
        }

        text = text[..end];
        bound = double.PositiveInfinity;
        return text.SequenceEqual("+Inf") || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out bound);
    }
}
