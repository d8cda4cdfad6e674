using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ReplyX.Api.Limits;

/// <summary>
/// How much is taken, from whom. Bound from <c>Limits</c>. Requests count for their guest or operator; those of guests and
/// those without a good token also for their address, so that no flood of visitors shuts operators out.
/// </summary>
internal sealed class RequestLimitOptions
{
    public const string Section = "Limits";

    /// <summary>The largest body, in bytes. The longest text has 48,000 when every character is escaped.</summary>
    [Range(1_024, 1_048_576)]
    public int MaxBodyBytes { get; set; } = 64 * 1024;

    /// <summary>Requests of one guest. A person types a few a minute; a page that reloads makes three.</summary>
    [ValidateObjectMembers]
    public TokenBucketOptions Guest { get; set; } = new() { Burst = 60, PerMinute = 600 };

    /// <summary>Requests of one operator: a console on many dialogs, or a bot that answers all of an account's for the assistant.</summary>
    [ValidateObjectMembers]
    public TokenBucketOptions Operator { get; set; } = new() { Burst = 600, PerMinute = 6_000 };

    /// <summary>Requests of one address: an office behind one router.</summary>
    [ValidateObjectMembers]
    public TokenBucketOptions Address { get; set; } = new() { Burst = 600, PerMinute = 6_000 };

    /// <summary>Guests made on one site from one address: a page that is opened for the first time makes one.</summary>
    [ValidateObjectMembers]
    public TokenBucketOptions NewGuests { get; set; } = new() { Burst = 30, PerMinute = 60 };

    /// <summary>
    /// Wrong passwords from one address at one login, and from one device that the login's operator has signed in from: 14,400
    /// guesses a day, against passwords of eight characters at least.
    /// </summary>
    [ValidateObjectMembers]
    public TokenBucketOptions SignIn { get; set; } = new() { Burst = 10, PerMinute = 10 };

    /// <summary>Wrong passwords from one address, at whatever logins.</summary>
    [ValidateObjectMembers]
    public TokenBucketOptions SignInAddress { get; set; } = new() { Burst = 60, PerMinute = 60 };

    /// <summary>
    /// Wrong passwords at one login from anywhere, against guesses from many addresses. It takes ten of them to use it up, and
    /// then it keeps out only who comes from a device that is not known.
    /// </summary>
    [ValidateObjectMembers]
    public TokenBucketOptions SignInLogin { get; set; } = new() { Burst = 100, PerMinute = 100 };

    /// <summary>How many passwords are checked at once, and again as many of known devices: a check takes a core.</summary>
    [Range(1, 1_024)]
    public int PasswordChecks { get; set; } = Environment.ProcessorCount;

    /// <summary>How many sign-ins wait for their check. By default about 0.4 s of them, at 50 ms a check.</summary>
    [Range(0, 100_000)]
    public int PasswordCheckQueue { get; set; } = 8 * Environment.ProcessorCount;
}

[OptionsValidator]
internal sealed partial class RequestLimitOptionsValidator : IValidateOptions<RequestLimitOptions>;
