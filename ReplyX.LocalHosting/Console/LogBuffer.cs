using Aspire.Hosting.ApplicationModel;

namespace ReplyX.LocalHosting.Console;

/// <summary>The last lines that a replica wrote.</summary>
internal sealed class LogBuffer
{
    // Enough for an exception with its stack trace.
    private const int Capacity = 400;
    private const int TailLength = 15;

    private readonly Queue<LogLine> _lines = new();
    private int _count;

    public void Append(string text, bool isError)
    {
        lock (_lines)
        {
            _lines.Enqueue(new LogLine(++_count, text, isError));
            if (_lines.Count > Capacity)
            {
                _lines.Dequeue();
            }
        }
    }

    public IReadOnlyList<LogLine> Snapshot()
    {
        lock (_lines)
        {
            return [.. _lines];
        }
    }

    /// <summary>The end of the log as an indented block for a message, which starts with a line break; says so if there is none.</summary>
    public string Tail()
    {
        var lines = Snapshot();
        return lines.Count == 0
            ? " It wrote nothing."
            : " Its last lines:" + string.Concat(lines.TakeLast(TailLength).Select(line => $"\n    {line.Content}"));
    }
}
