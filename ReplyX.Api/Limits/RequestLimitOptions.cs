using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ReplyX.Api.Limits;

/// <summary>
/// How many requests are accepted from whom. Bound from <c>Limits</c>. A request counts for its guest or operator. Requests of guests and
/// without a valid token also count for their address; those of operators do not, so that a flood of visitors cannot lock them out.
/// </summary>
internal sealed class RequestLimitOptions
{
    public const string Section = "Limits";

    /// <summary>The largest body, in bytes. The longest text has 48,000 when every character is escaped.</summary>
    [Range(1_024, 1_048_576)]
    public int MaxBodyBytes { get; set; } = 64 * 1024;

    /// <summary>Requests of one guest. A person sends a few messages a minute; loading the page makes three requests.</summary>
    [ValidateObjectMembers]
    public TokenBucketOptions Guest { get; set; } = new() { Burst = 60, PerMinute = 600 };

    /// <summary>Requests of one operator: a console with many dialogs, or a bot that answers all dialogs of an account.</summary>
    [ValidateObjectMembers]
    public TokenBucketOptions Operator { get; set; } = new() { Burst = 600, PerMinute = 6_000 };

    /// <summary>Requests from one address, which may be an office behind one router.</summary>
    [ValidateObjectMembers]
    public TokenBucketOptions Address { get; set; } = new() { Burst = 600, PerMinute = 6_000 };

    /// <summary>New guests on one site from one address. A page that is opened for the first time creates one.</summary>
    [ValidateObjectMembers]
    public TokenBucketOptions NewGuests { get; set; } = new() { Burst = 30, PerMinute = 60 };

    /// <summary>
    /// Wrong passwords for one login from one address, or from one device that its operator has signed in from. This allows 14,400 guesses
    /// a day, against passwords of at least eight characters.
    /// </summary>
    [ValidateObjectMembers]
    public TokenBucketOptions SignIn { get; set; } = new() { Burst = 10, PerMinute = 10 };

    /// <summary>Wrong passwords from one address, for all logins together.</summary>
    [ValidateObjectMembers]
    public TokenBucketOptions SignInAddress { get; set; } = new() { Burst = 60, PerMinute = 60 };

    /// <summary>
    /// Wrong passwords for one login from all addresses together, against guesses from many addresses. Ten addresses are needed to use it
    /// up, and then only sign-ins from unknown devices are refused.
    /// </summary>
    [ValidateObjectMembers]
    public TokenBucketOptions SignInLogin { get; set; } = new() { Burst = 100, PerMinute = 100 };

    /// <summary>How many passwords are checked at the same time, and as many more from known devices. A check occupies a core.</summary>
    [Range(1, 1_024)]
    public int PasswordChecks { get; set; } = Environment.ProcessorCount;

    /// <summary>How many sign-ins wait for their check. By default about 0.4 s of them, at 50 ms a check.</summary>
    [Range(0, 100_000)]
    public int PasswordCheckQueue { get; set; } = 8 * Environment.ProcessorCount;
}

[OptionsValidator]
internal sealed partial class RequestLimitOptionsValidator : IValidateOptions<RequestLimitOptions>;
