namespace ReplyX.Client;

/// <summary>An operator with a token.</summary>
/// <param name="Token">The operator token.</param>
/// <param name="Id">The operator.</param>
/// <param name="Name">The name to show.</param>
/// <param name="DeviceToken">
/// What to give to the next sign-in from here, so that others' wrong passwords do not keep this operator out; null after a
/// refresh. A secret, though it opens nothing.
/// </param>
public sealed record SignedInOperator(IssuedToken Token, string Id, string Name, string? DeviceToken = null)
{
    /// <summary>Leaves the tokens out, so that an accidental log line does no harm.</summary>
    /// <returns>The operator, and the end of the token.</returns>
    public override string ToString() => $"{Id} ({Name}), {Token}";
}
