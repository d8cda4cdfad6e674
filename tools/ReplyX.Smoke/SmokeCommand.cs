using ReplyX.Smoke.Checks;

namespace ReplyX.Smoke;

/// <summary>The whole tool: from a command line to lines and an exit code.</summary>
internal sealed class SmokeCommand(TextWriter output, TextWriter errors, TimeProvider time)
{
    public const int Good = 0;
    public const int Failed = 1;
    public const int Unreachable = 2;
    public const int BadUsage = 64;

    public async Task<int> RunAsync(string[] arguments, SmokeCredentials credentials, CancellationToken cancellation)
    {
        var (options, error) = SmokeOptions.Parse(arguments);
        if (options is null)
        {
            return Refuse(error);
        }

        if (options.IsHelp)
        {
            output.WriteLine(SmokeOptions.Usage);
            return Good;
        }

        if (credentials is { SiteToken: not null, AssistantId: not null })
        {
            return Refuse("SMOKE_SITE_TOKEN and SMOKE_ASSISTANT_ID: only one of them");
        }

        var report = new SmokeReport(options.IsJson ? null : output, time);
        await using var run = new SmokeRun(options, credentials, report, time);
        await run.RunAsync(cancellation);
        if (options.IsJson)
        {
            output.WriteLine(report.ToJson());
        }

        return report.ExitCode;
    }

    private int Refuse(string? why)
    {
        errors.WriteLine($"ReplyX.Smoke: {why}\n{SmokeOptions.Usage}");
        return BadUsage;
    }
}
