using ReplyX.Messaging.Data;

namespace ReplyX.Api.Data;

/// <summary>An export or an erasure to start.</summary>
internal sealed record NewDataJob(string? Kind, string? Subject, string? VisitorId = null, string? Confirm = null);

/// <summary>A secret by which an account's erasure is looked at.</summary>
internal sealed record DataJobSecret(string? Secret)
{
    public override string ToString() => nameof(DataJobSecret);
}

/// <summary>An export or an erasure.</summary>
internal record DataJobView(
    string Id,
    string Kind,
    string Subject,
    string? VisitorId,
    string State,
    DataJobProgress Progress,
    DateTimeOffset CreatedAt,
    string? By,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    string? Reason,
    DataJobResult? Result)
{
    public static DataJobView Of(DataJob job) => new(
        job.Id,
        Words.Of(job.Kind),
        Words.Of(job.Subject),
        job.VisitorId,
        Words.Of(job.State),
        new DataJobProgress(job.Done, job.Total),
        job.CreatedAt,
        job.By,
        job.StartedAt,
        job.EndedAt,
        job.Failure is { } failure ? Words.Of(failure) : null,
        job is { State: DataJobState.Done, ExpiresAt: { } expires } ? new DataJobResult($"/api/data-jobs/{job.Id}/result", job.Bytes, expires) : null);
}

/// <summary>A job that was started; an account's erasure with the secret by which it is looked at.</summary>
internal sealed record StartedDataJobView : DataJobView
{
    private StartedDataJobView(DataJobView view)
        : base(view)
    {
    }

    public string? Secret { get; private init; }

    public static StartedDataJobView Of(StartedDataJob started) => new(Of(started.Job)) { Secret = started.Secret };

    public override string ToString() => Id;
}

/// <summary>How many dialogs are done, of how many; 0 until they are counted.</summary>
internal sealed record DataJobProgress(long Done, long Total);

/// <summary>An export's result.</summary>
internal sealed record DataJobResult(string Url, long Bytes, DateTimeOffset ExpiresAt);

/// <summary>An account's latest jobs, the newest first.</summary>
internal sealed record DataJobList(IReadOnlyList<DataJobView> Items);
