using System.Diagnostics;

namespace ReplyX.Bench;

/// <summary>Shows how far a run is: a line for each measurement, and in a terminal what is being done.</summary>
internal sealed class BenchProgress(TextWriter output, bool isTerminal) : IProgress<string>
{
    private const string EraseLine = "\r\u001b[2K";

    private readonly long _start = Stopwatch.GetTimestamp();
    private int _all;
    private int _done;
    private string _current = "";

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    private TimeSpan Left => _done == 0 ? TimeSpan.Zero : Elapsed / _done * (_all - _done);

    /// <summary>So many measurements will be taken.</summary>
    public void Begin(int all) => _all = all;

    /// <summary>Says something that concerns the whole run.</summary>
    public void Say(string text) => output.WriteLine(text);

    public void Start(string what)
    {
        _current = what;
        Report("starting");
    }

    /// <summary>What is being done.</summary>
    public void Report(string value)
    {
        if (isTerminal)
        {
            output.Write($"{EraseLine}[{_done + 1}/{_all}] {_current}: {value}{(_done > 0 ? $", {Left:mm\\:ss} left" : "")}");
        }
    }

    public void Finish(string result)
    {
        _done++;
        output.WriteLine($"{(isTerminal ? EraseLine : "")}[{_done}/{_all}] {Elapsed:mm\\:ss} {_current}: {result}");
    }
}
