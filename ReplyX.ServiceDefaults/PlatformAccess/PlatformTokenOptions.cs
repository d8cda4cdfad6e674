namespace ReplyX.ServiceDefaults.PlatformAccess;

/// <summary>A token for the platform's own endpoints: one for reading, and one for operating the service.</summary>
internal sealed class PlatformTokenOptions
{
    /// <summary>The name of the options for reading: metrics, and the list of nodes. Prometheus has this token.</summary>
    public const string Metrics = "Metrics";

    /// <summary>The name of the options for operating the service: drain and undrain.</summary>
    public const string Operations = "Operations";

    /// <summary>The token, at least 16 characters.</summary>
    public string? Token { get; set; }
}
