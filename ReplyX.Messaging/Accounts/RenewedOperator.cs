namespace ReplyX.Messaging.Accounts;

/// <summary>An operator with a new secret, which is shown once.</summary>
/// <param name="Operator">The operator.</param>
/// <param name="Secret">A bot's key, or the secret of the session that began.</param>
public sealed record RenewedOperator(Operator Operator, string Secret)
{
    /// <summary>Leaves the secret out.</summary>
    /// <returns>The operator.</returns>
    public override string ToString() => Operator.ToString();
}
