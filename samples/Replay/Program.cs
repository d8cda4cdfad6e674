using ReplyX.Client;
using ReplyX.Samples.Replay;
using ReplyX.Samples.Replay.Conversations;
using ReplyX.Samples.Replay.Output;
using Spectre.Console;

const int Clean = 0, Faulty = 1, NotRun = 2;

var (options, problem) = ReplayCommandLine.Read(args);
if (options is null)
{
    Console.Error.WriteLine(problem);
    return NotRun;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
var inTerminal = AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;
try
{
    Func<IProgress<ReplayProgress>, Task<ReplayReport>> replay = progress => ConversationReplay.RunAsync(options, progress, stop.Token);
    var report = await (inTerminal ? TerminalOutput.RunAsync(replay) : PlainOutput.RunAsync(replay));
    if (inTerminal)
    {
        TerminalOutput.Write(report);
    }
    else
    {
        PlainOutput.Write(report);
    }

    return report.IsClean ? Clean : Faulty;
}
catch (ReplyXApiException e)
{
    Console.Error.WriteLine($"{options.Api}: {e.Message}");
    return NotRun;
}
catch (ConversationFormatException e)
{
    Console.Error.WriteLine(e.Message);
    return NotRun;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return NotRun;
}
