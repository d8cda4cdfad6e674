using System.Text.Json;

namespace ReplyX.Testing;

/// <summary>
/// What a service writes, one JSON object a line: the last lines for a failure's message, and all those that should not have been
/// written, up to a bound.
/// </summary>
internal sealed class ServiceLog
{
    private const int LinesKept = 300;
    private const int FaultsKept = 50;

    private readonly Lock _lock = new();
    private readonly Queue<string> _last = new();
    private readonly List<string> _faults = [];
    private readonly Dictionary<string, int> _levels = [];

    public string Last
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _last);
            }
        }
    }

    /// <summary>Lines at error level or above, and those of an unhandled exception.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_lock)
            {
                return [.. _faults];
            }
        }
    }

    /// <summary>How many lines there were at each level.</summary>
    public IReadOnlyDictionary<string, int> Levels
    {
        get
        {
            lock (_lock)
            {
                return new Dictionary<string, int>(_levels);
            }
        }
    }

    public void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        var (level, isFault) = Judge(line);
        lock (_lock)
        {
            _last.Enqueue(line);
            if (_last.Count > LinesKept)
            {
                _last.Dequeue();
            }

            _levels[level] = _levels.GetValueOrDefault(level) + 1;
            if (isFault && _faults.Count < FaultsKept)
            {
                _faults.Add(line);
            }
        }
    }

    /// <summary>The library's own words on a Redis that was killed are expected; a service that fails over it is not.</summary>
    private static (string Level, bool IsFault) Judge(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var level = json.RootElement.GetProperty("LogLevel").GetString() ?? "";
            var category = json.RootElement.GetProperty("Category").GetString() ?? "";
            return (level, level is "Error" or "Critical" && !category.StartsWith("StackExchange.Redis", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return ("other", line.Contains("nhandled exception", StringComparison.Ordinal) || line.Contains("Fatal error", StringComparison.Ordinal));
        }
    }
}
