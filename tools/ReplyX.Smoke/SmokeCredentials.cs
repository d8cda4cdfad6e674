namespace ReplyX.Smoke;

/// <summary>Who the check is. Secrets come by the environment only: arguments are for all to see.</summary>
/// <param name="SiteToken">A site token; dialogs are started on the site path.</param>
/// <param name="AssistantId">A site's public assistant id; dialogs are started on the widget path.</param>
/// <param name="GuestToken">A visitor's secret: every check then writes in the same dialog. Null for a new visitor each time.</param>
/// <param name="PlatformToken">The operations token: shows versions and nodes.</param>
internal sealed record SmokeCredentials(string? SiteToken = null, string? AssistantId = null, string? GuestToken = null, string? PlatformToken = null)
{
    /// <summary>Whether a dialog can be started.</summary>
    public bool CanStart => SiteToken is not null || AssistantId is not null;

    public static SmokeCredentials FromEnvironment()
        => new(Read("SMOKE_SITE_TOKEN"), Read("SMOKE_ASSISTANT_ID"), Read("SMOKE_GUEST_TOKEN"), Read("SMOKE_PLATFORM_TOKEN"));

    /// <summary>Leaves the secrets out, so that an accidental log line does no harm.</summary>
    public override string ToString() => SiteToken is not null ? "site token" : AssistantId ?? "none";

    private static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
