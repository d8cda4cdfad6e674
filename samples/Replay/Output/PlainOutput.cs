namespace ReplyX.Samples.Replay.Output;

/// <summary>Lines for a file or a pipe.</summary>
internal static class PlainOutput
{
    internal static Task<ReplayReport> RunAsync(Func<IProgress<ReplayProgress>, Task<ReplayReport>> replay)
        => replay(new Lines());

    internal static void Write(ReplayReport report)
    {
        foreach (var (name, value, _) in ReportLines.Of(report))
        {
            Console.WriteLine($"{name,-14}{value}");
        }

        foreach (var failure in report.Failures)
        {
            Console.WriteLine($"! {failure}");
        }
    }

    private sealed class Lines : IProgress<ReplayProgress>
    {
        public void Report(ReplayProgress value)
        {
            if (value.Finished is { } name)
            {
                Console.WriteLine($"[{value.Done}/{value.Dialogs}] {name}, {value.LinesDone} of {value.Lines} lines");
            }
        }
    }
}
