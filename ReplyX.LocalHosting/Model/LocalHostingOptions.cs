using Microsoft.Extensions.Configuration;

namespace ReplyX.LocalHosting.Model;

/// <summary>Timeouts, which tests and slow machines may change. Bound from <c>LocalHosting</c>.</summary>
internal sealed class LocalHostingOptions
{
    // A service that is not healthy after this time has probably failed to start.
    public TimeSpan ReadyTimeout { get; set; } = TimeSpan.FromSeconds(90);

    // The time between SIGTERM and SIGKILL.
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(10);

    public static LocalHostingOptions Read(IConfiguration configuration) =>
        configuration.GetSection("LocalHosting").Get<LocalHostingOptions>() ?? new();
}
