using System.ComponentModel;
using System.Diagnostics;

namespace ReplyX.AppHost;

internal static class Containers
{
    // A daemon that is up answers at once; one that hangs must not hold up the start.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    private static readonly Lazy<bool> _runtimeAnswers = new(() =>
        (Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") is { Length: > 0 } chosen ? [chosen] : new[] { "docker", "podman" })
        .Any(Answers));

    /// <summary>
    /// Whether to compose containers: always when publishing, else what the setting <c>Containers</c> says, else whether a runtime
    /// answers. Composed without one, they and all that waits for them would hang.
    /// </summary>
    public static bool UsesContainers(this IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsPublishMode
        || (bool.TryParse(builder.Configuration["Containers"], out var said) ? said : _runtimeAnswers.Value);

    private static bool Answers(string runtime)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(runtime, ["info", "--format", "{{.ID}}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            if (process is null)
            {
                return false;
            }

            // Read, lest a full pipe be taken for a hanging daemon.
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (process.WaitForExit(_patience))
            {
                return process.ExitCode == 0;
            }

            process.Kill(entireProcessTree: true);
            return false;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
