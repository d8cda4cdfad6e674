using System.Globalization;
using ReplyX.Bench;
using ReplyX.Bench.Processes;
using ReplyX.Bench.Results;
using ReplyX.Bench.Scale;
using ReplyX.Bench.Telemetry;

const int Good = 0, Incomplete = 1, NotRun = 2;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var (options, error) = BenchOptions.Parse(args);
if (options is null)
{
    Console.Error.WriteLine($"ReplyX.Bench: {error}\n{BenchOptions.Usage}");
    return NotRun;
}

if (!OperatingSystem.IsLinux())
{
    Console.Error.WriteLine("ReplyX.Bench: epoll and /proc are Linux'");
    return NotRun;
}

if (options.Command == BenchOptions.ReportCommand)
{
    ResultFiles.Rewrite(options.Output!);
    return Good;
}

if (options.Command == BenchOptions.ScaleCommand)
{
    ScaleFiles.Rewrite(options.Output!);
    return Good;
}

if (options.Command == BenchOptions.TelemetryReportCommand)
{
    TelemetryFiles.Rewrite(options.Output!);
    return Good;
}

if (options.Command == BenchOptions.ConstantsCommand)
{
    await ScaleFiles.MeasureAsync(options.Output!, options.From);
    return Good;
}

if (!BuiltServers.AreRelease && !options.IsSmoke)
{
    Console.Error.WriteLine("ReplyX.Bench: this is a Debug build, whose figures say nothing: dotnet run -c Release, or --smoke yes");
    return NotRun;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
var progress = new BenchProgress(Console.Out, !Console.IsOutputRedirected);
try
{
    if (options.Command == BenchOptions.TelemetryCommand)
    {
        var telemetry = await TelemetryRun.RunAsync(options, args, progress, stop.Token);
        Console.WriteLine($"\n{TelemetryPage.Goals(telemetry)}");
        TelemetryFiles.Write(options.Output!, telemetry);
        Console.WriteLine($"written to {Path.GetRelativePath(Environment.CurrentDirectory, options.Output!)}");
        return telemetry.Failures.Count == 0 ? Good : Incomplete;
    }

    var results = await BenchRun.RunAsync(options, args, progress, stop.Token);
    Console.WriteLine($"\n{ResultTables.Text(results)}");
    if (options.Output is { } folder)
    {
        ResultFiles.Write(folder, results);
        Console.WriteLine($"written to {Path.GetRelativePath(Environment.CurrentDirectory, folder)}");
    }

    return results.Failures.Count == 0 && results.Measurements.All(measurement => measurement.IsComplete) ? Good : Incomplete;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return NotRun;
}
