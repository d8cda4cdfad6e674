namespace ReplyX.ServiceDefaults.PlatformAccess;

/// <summary>A token that the platform's own endpoints ask for: one to read with, and one to operate the service with.</summary>
internal sealed class PlatformTokenOptions
{
    /// <summary>The options of what may be read: metrics, and the list of nodes. Prometheus holds this token.</summary>
    public const string Metrics = "Metrics";

    /// <summary>The options of what changes how the service runs: drain and undrain.</summary>
    public const string Operations = "Operations";

    /// <summary>The token, at least 16 characters.</summary>
    public string? Token { get; set; }
}
