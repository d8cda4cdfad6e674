using System.ComponentModel;
using System.Diagnostics;

namespace ReplyX.AppHost;

internal static class Containers
{
    // A running daemon answers at once; one that hangs must not delay the start.
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(3);

    private static readonly Lazy<bool> _isRuntimeAvailable = new(() =>
        (Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") is { Length: > 0 } chosen ? [chosen] : new[] { "docker", "podman" })
        .Any(IsAvailable));

    /// <summary>
    /// Whether to use containers: always when publishing; otherwise as the setting <c>Containers</c> says; without it, if a container runtime
    /// is available. Without a runtime, containers and everything that waits for them would never start.
    /// </summary>
    public static bool UsesContainers(this IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsPublishMode
        || (bool.TryParse(builder.Configuration["Containers"], out var configured) ? configured : _isRuntimeAvailable.Value);

    private static bool IsAvailable(string runtime)
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

            // The output is read so that a full pipe does not block the command.
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (process.WaitForExit(_timeout))
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
