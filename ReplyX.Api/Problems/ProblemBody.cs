using ReplyX.Messaging.Dialogs;
using ReplyX.ServiceDefaults.Problems;

namespace ReplyX.Api.Problems;

/// <summary>Problem details as they are written.</summary>
internal sealed record ProblemBody(
    string Type,
    string Title,
    int Status,
    string Code,
    string? Detail,
    string? Field,
    HandoffState? Handoff,
    string TraceId)
{
    public static ProblemBody Of(Problem problem, HttpContext context) => new(
        problem.Type,
        problem.Title,
        problem.Status,
        problem.Code,
        problem.Detail,
        problem.Field,
        problem.Handoff,
        ProblemFormat.TraceIdOf(context));
}
