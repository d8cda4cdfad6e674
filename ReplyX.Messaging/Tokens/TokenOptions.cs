using System.ComponentModel.DataAnnotations;

namespace ReplyX.Messaging.Tokens;

/// <summary>How tokens are signed and how long they live. Bound from <c>Tokens</c>.</summary>
public sealed class TokenOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Tokens";

    /// <summary>The secret that signs, at least 32 bytes as UTF-8 (RFC 7518 section 3.2 wants a key as long as the hash).</summary>
    [Required]
    public string SigningKey { get; set; } = "";

    /// <summary>The secret before the last change, still accepted while tokens that it signed live; empty for none.</summary>
    public string PreviousSigningKey { get; set; } = "";

    /// <summary>How long a dialog token lives. Default an hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan DialogLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long an operator token lives. Default 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan OperatorLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a guest token lives from its last use. Default a year.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan GuestLifetime { get; set; } = TimeSpan.FromDays(365);

    /// <summary>How long a device token lives from the device's last sign-in. Default 90 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan DeviceLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How far clocks of two machines may differ. Default none: one signing service, and lives are long.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.Zero;
}
