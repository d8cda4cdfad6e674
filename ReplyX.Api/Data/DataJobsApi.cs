using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using ReplyX.Api.Accounts;
using ReplyX.Api.Authentication;
using ReplyX.Messaging.Data;

namespace ReplyX.Api.Data;

/// <summary>Exports and erasures of visitors and of the account.</summary>
internal static partial class DataJobsApi
{
    private const string Root = "/api/data-jobs";

    public static void MapDataJobs(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Root).WithTags("Data");
        group.MapPost("/", StartAsync).RequireOwner()
            .WithSummary("Start an export or an erasure")
            .WithDescription(
                "`kind` is `export` or `erasure`, `subject` `visitor` (with `visitor_id`) or `account`. While the same one has not ended it is "
                + "answered as it is. The erasure of an account needs the account's id in `confirm`, and with it nobody of the account is left: "
                + "the answer's `secret` is what `POST /api/data-jobs/look` takes. It cannot be called off.");
        group.MapGet("/", ListAsync).RequireOwner()
            .WithSummary("List exports and erasures");
        group.MapGet("/{id}", GetAsync).RequireOwner()
            .WithSummary("How an export or an erasure does");
        group.MapGet("/{id}/result", DownloadAsync).RequireOwner()
            .Produces(StatusCodes.Status200OK, contentType: "application/json")
            .WithSummary("Download an export")
            .WithDescription("One JSON document, until `result.expires_at`.");
        group.MapPost("/look", LookAsync)
            .WithSummary("How the erasure of an account does, by its secret");
    }

    private static async Task<Results<Accepted<StartedDataJobView>, Problem>> StartAsync(
        JsonBody<NewDataJob> body, OperatorCaller caller, DataJobs jobs, CancellationToken cancellationToken)
    {
        var wanted = body.Value;
        if (Words.Find<DataJobKind>(wanted.Kind) is not { } kind)
        {
            return Problem.Member("kind", "It is export or erasure.");
        }

        if (Words.Find<DataJobSubject>(wanted.Subject) is not { } subject)
        {
            return Problem.Member("subject", "It is visitor or account.");
        }

        if (subject == DataJobSubject.Visitor ? wanted.VisitorId is null || !VisitorId().IsMatch(wanted.VisitorId) : wanted.VisitorId is not null)
        {
            return Problem.Member("visitor_id", "For a visitor, and only then, the visitor_id that a dialog has.");
        }

        if (kind == DataJobKind.Erasure && subject == DataJobSubject.Account && wanted.Confirm != caller.Account)
        {
            return Problem.Member("confirm", "The account's id, as GET /api/account tells it.");
        }

        var started = await jobs.StartAsync(caller.Account, kind, wanted.VisitorId, caller.Actor, cancellationToken);
        return started.IsDone
            ? TypedResults.Accepted($"{Root}/{started.Value.Job.Id}", StartedDataJobView.Of(started.Value))
            : started.Outcome.ToProblem(Problem.DataJobNotFound);
    }

    private static async Task<Ok<DataJobList>> ListAsync(
        OperatorCaller caller, DataJobs jobs, CancellationToken cancellationToken) =>
        TypedResults.Ok(new DataJobList([.. (await jobs.ListAsync(caller.Account, cancellationToken)).Select(DataJobView.Of)]));

    private static async Task<Results<Ok<DataJobView>, Problem>> GetAsync(
        string id, OperatorCaller caller, DataJobs jobs, CancellationToken cancellationToken) =>
        await jobs.FindAsync(caller.Account, id, cancellationToken) is { } job ? TypedResults.Ok(DataJobView.Of(job)) : Problem.DataJobNotFound;

    private static async Task<Results<Ok<DataJobView>, Problem>> LookAsync(
        JsonBody<DataJobSecret> body, DataJobs jobs, CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(body.Value.Secret) ? Problem.Member("secret", "It is needed.")
        : await jobs.FindAsync(body.Value.Secret, cancellationToken) is { } job ? TypedResults.Ok(DataJobView.Of(job))
        : Problem.DataJobNotFound;

    private static async Task<IResult> DownloadAsync(
        string id, OperatorCaller caller, DataJobs jobs, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await jobs.FindAsync(caller.Account, id, cancellationToken) is not { Kind: DataJobKind.Export } job)
        {
            return Problem.DataJobNotFound;
        }

        return job.State is DataJobState.Waiting or DataJobState.Running ? Problem.ExportNotReady
            : job.ExpiresAt is not { } expires || expires <= time.GetUtcNow() ? Problem.ExportGone
            : new DataJobDownload(jobs, job);
    }

    // Ours are 32 hexadecimal digits; an installation may have brought others.
    [GeneratedRegex("\\A[A-Za-z0-9_.-]{1,64}\\z")]
    private static partial Regex VisitorId();
}
