namespace ReplyX.Client;

/// <summary>Why a call failed, as the Api's problem details say it.</summary>
/// <param name="Status">The HTTP status; 0 when nothing answered.</param>
/// <param name="Code">The fixed name, such as <c>dialog_not_found</c>; <c>no_answer</c> when nothing answered.</param>
/// <param name="Detail">The same in English.</param>
/// <param name="RetryAfter">How long the server asks to wait.</param>
public sealed record ApiProblem(int Status, string Code, string? Detail = null, TimeSpan? RetryAfter = null)
{
    internal const string NoAnswer = "no_answer";

    /// <summary>Whether the call may have had its effect all the same: repeat it with the same key to find out.</summary>
    public bool MayHaveHappened => Status is < 300 or >= 500;
}
