namespace ReplyX.Smoke.Checks;

/// <summary>A check found something wrong.</summary>
/// <param name="what">What, with the address that it is about.</param>
/// <param name="isUnreachable">Whether nothing answered at all.</param>
internal sealed class CheckFailedException(string what, bool isUnreachable = false) : Exception(what)
{
    public bool IsUnreachable => isUnreachable;
}
