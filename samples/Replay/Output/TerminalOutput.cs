using Spectre.Console;

namespace ReplyX.Samples.Replay.Output;

/// <summary>A bar while it runs, and a table at the end.</summary>
internal static class TerminalOutput
{
    internal static Task<ReplayReport> RunAsync(Func<IProgress<ReplayProgress>, Task<ReplayReport>> replay)
        => AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new SpinnerColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask("replaying");
                var report = await replay(new Bar(bar));
                bar.Value = bar.MaxValue;
                return report;
            });

    internal static void Write(ReplayReport report)
    {
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumn("").AddColumn("");
        foreach (var (name, value, isFault) in ReportLines.Of(report))
        {
            table.AddRow(new Text(name), new Text(value, isFault ? new Style(Color.Red) : Style.Plain));
        }

        AnsiConsole.Write(table);
        foreach (var failure in report.Failures)
        {
            AnsiConsole.Write(new Text($"! {failure}\n", new Style(Color.Red)));
        }
    }

    private sealed class Bar(ProgressTask task) : IProgress<ReplayProgress>
    {
        public void Report(ReplayProgress value)
        {
            task.MaxValue = value.Lines;
            task.Value = value.LinesDone;
            task.Description = $"{value.Done}/{value.Dialogs} dialogs";
        }
    }
}
