using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ReplyX.Api.Limits;

/// <summary>
/// How much is taken, from whom. Bound from <c>Limits</c>. A principal is a guest or an operator; requests without a good token,
/// and those of guests, also count for their address, so that no flood of visitors shuts operators out.
/// </summary>
internal sealed class LimitsOptions
{
    public const string Section = "Limits";

    /// <summary>The largest body, in bytes. The longest text has 48,000 when every character is escaped.</summary>
    [Range(1_024, 1_048_576)]
    public int MaxBodyBytes { get; set; } = 64 * 1024;

    /// <summary>Requests of one principal. A person types a few a minute; a console opening ten dialogs at once makes thirty.</summary>
    [ValidateObjectMembers]
    public Bucket Principal { get; set; } = new() { Burst = 60, PerMinute = 600 };

    /// <summary>Requests of one address: an office behind one router.</summary>
    [ValidateObjectMembers]
    public Bucket Address { get; set; } = new() { Burst = 600, PerMinute = 6_000 };

    /// <summary>Sign-ins from one address.</summary>
    [ValidateObjectMembers]
    public Bucket SignInAddress { get; set; } = new() { Burst = 60, PerMinute = 60 };

    /// <summary>Sign-ins to one login: 28,800 guesses a day, against passwords of eight characters at least.</summary>
    [ValidateObjectMembers]
    public Bucket SignInLogin { get; set; } = new() { Burst = 20, PerMinute = 20 };
}
