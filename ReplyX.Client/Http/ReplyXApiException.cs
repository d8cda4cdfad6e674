namespace ReplyX.Client;

/// <summary>A call failed that had to succeed.</summary>
/// <param name="problem">Why.</param>
public sealed class ReplyXApiException(ApiProblem problem)
    : Exception($"The Api answered {problem.Status} {problem.Code}{(problem.Detail is null ? "" : $": {problem.Detail}")}")
{
    /// <summary>Why.</summary>
    public ApiProblem Problem { get; } = problem;
}
