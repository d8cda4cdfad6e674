using System.ComponentModel.DataAnnotations;

namespace ReplyX.Api.Secrets;

/// <summary>With what secrets are encrypted that accounts entrust to this service. Bound from <c>Secrets</c>.</summary>
internal sealed class SecretOptions
{
    public const string Section = "Secrets";

    /// <summary>The secret that keys are derived from. Without it nothing can be entrusted, and what was stays unread.</summary>
    [MinLength(32)]
    public string? Key { get; set; }

    /// <summary>The one before it, from its replacement on until everything was stored anew: what it encrypted can be read still.</summary>
    [MinLength(32)]
    public string? PreviousKey { get; set; }

    public override string ToString() => nameof(SecretOptions);
}
