using System.Diagnostics.CodeAnalysis;

namespace ReplyX.Messaging.Accounts;

/// <summary>A change in an account that answers with something.</summary>
/// <typeparam name="T">What it answers with.</typeparam>
/// <param name="Outcome">What became of it.</param>
/// <param name="Value">The answer, if it is made.</param>
[SuppressMessage("Usage", "CA2225", Justification = "The constructor says the same.")]
public readonly record struct AccountResult<T>(AccountOutcome Outcome, T? Value)
    where T : class
{
    /// <summary>Whether the change is made.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsDone => Value is not null;

    /// <summary>A change that is made.</summary>
    /// <param name="value">The answer.</param>
    public static implicit operator AccountResult<T>(T value) => new(AccountOutcome.Done, value);

    /// <summary>A change that is not made.</summary>
    /// <param name="outcome">Why.</param>
    public static implicit operator AccountResult<T>(AccountOutcome outcome) => new(outcome, null);
}
