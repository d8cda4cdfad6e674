using Microsoft.Extensions.Configuration;

namespace ReplyX.LocalHosting.Model;

/// <summary>What tests and slow machines may change, under the configuration section <c>LocalHosting</c>.</summary>
internal sealed class LocalHostingOptions
{
    // A service that takes longer than this to become healthy hangs more likely than it works.
    public TimeSpan ReadyTimeout { get; set; } = TimeSpan.FromSeconds(90);

    // Between SIGTERM and SIGKILL.
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(10);

    public static LocalHostingOptions Read(IConfiguration configuration) =>
        configuration.GetSection("LocalHosting").Get<LocalHostingOptions>() ?? new();
}
