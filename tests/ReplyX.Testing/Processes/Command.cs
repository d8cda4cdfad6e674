using System.Diagnostics;

namespace ReplyX.Testing;

/// <summary>A program that runs to its end.</summary>
public static class Command
{
    /// <summary>Runs it with no input and returns what it wrote, both streams in one.</summary>
    /// <param name="start">What to run; its redirections are set here.</param>
    /// <param name="limit">After this it is killed, with its children, and the wait fails with what it wrote until then.</param>
    public static async Task<(int ExitCode, string Output)> RunAsync(ProcessStartInfo start, TimeSpan? limit = null)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).Within($"{start.FileName} {string.Join(' ', start.ArgumentList)}", limit);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        return (process.ExitCode, await output + await error);
    }
}
