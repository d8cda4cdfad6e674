namespace ReplyX.Api.Secrets;

/// <summary>With what secrets are encrypted that accounts entrust to this service. Bound from <c>Secrets</c>.</summary>
internal sealed class SecretOptions
{
    public const string Section = "Secrets";

    // Who has seen the store may guess a short one.
    private const int ShortestKey = 32;

    /// <summary>The secret that keys are derived from. Without it nothing can be entrusted, and what was stays unread.</summary>
    public string? Key { get; set; }

    /// <summary>The one before it, from its replacement on until everything was stored anew: what it encrypted can be read still.</summary>
    public string? PreviousKey { get; set; }

    public bool IsValid => IsKeyOrNone(Key) && IsKeyOrNone(PreviousKey);

    public override string ToString() => nameof(SecretOptions);

    private static bool IsKeyOrNone(string? key) => string.IsNullOrEmpty(key) || key.Length >= ShortestKey;
}
