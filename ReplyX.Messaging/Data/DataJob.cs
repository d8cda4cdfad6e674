namespace ReplyX.Messaging.Data;

/// <summary>An export or an erasure, of a visitor or of a whole account.</summary>
/// <param name="Account">The account.</param>
/// <param name="Id">The job's id.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Subject">To whom.</param>
/// <param name="VisitorId">The visitor; null for an account, and of an erasure that has ended.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Done">How many dialogs it has done.</param>
/// <param name="Total">How many there are; 0 until they are counted.</param>
/// <param name="CreatedAt">When it was started.</param>
public sealed record DataJob(
    string Account,
    string Id,
    DataJobKind Kind,
    DataJobSubject Subject,
    string? VisitorId,
    DataJobState State,
    long Done,
    long Total,
    DateTimeOffset CreatedAt)
{
    /// <summary>The operator who started it; null for who runs the platform, and of an account's erasure.</summary>
    public string? By { get; init; }

    /// <summary>When a worker first took it; null while it waits.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it failed.</summary>
    public DataJobFailure? Failure { get; init; }

    /// <summary>Until when the result of an export can be read; null if there is none.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How many bytes of JSON the result has.</summary>
    public long Bytes { get; init; }

    /// <summary>In how many parts the result lies.</summary>
    internal long Parts { get; init; }

    /// <summary>The hash of the secret by which it can be looked at.</summary>
    internal string? SecretHash { get; init; }

    /// <summary>Its field among the account's open jobs: what it does to whom.</summary>
    internal string OpenField { get; init; } = "";
}

/// <summary>What a job does.</summary>
public enum DataJobKind
{
    /// <summary>Writes all that there is as JSON.</summary>
    Export,

    /// <summary>Deletes all that there is.</summary>
    Erasure,
}

/// <summary>To whom a job does it.</summary>
public enum DataJobSubject
{
    /// <summary>One visitor.</summary>
    Visitor,

    /// <summary>The account.</summary>
    Account,
}

/// <summary>Where a job stands.</summary>
public enum DataJobState
{
    /// <summary>Nobody has taken it yet.</summary>
    Waiting,

    /// <summary>A worker has it, or had it and another will go on.</summary>
    Running,

    /// <summary>All is done.</summary>
    Done,

    /// <summary>It was given up.</summary>
    Failed,
}

/// <summary>Why a job failed.</summary>
public enum DataJobFailure
{
    /// <summary>A fault of ours, again and again. It is logged.</summary>
    Error,

    /// <summary>The result is longer than <see cref="DataOptions.MaxResultBytes"/>.</summary>
    TooLarge,

    /// <summary>Somebody whose data the result has, or would have, was erased.</summary>
    Erased,
}

/// <summary>A job that was started, or was under way already.</summary>
/// <param name="Job">The job.</param>
/// <param name="IsNew">Whether it was started by this.</param>
/// <param name="Secret">By which an account's erasure can be looked at when nobody of the account is left; shown once.</param>
public sealed record StartedDataJob(DataJob Job, bool IsNew, string? Secret)
{
    /// <summary>Leaves the secret out.</summary>
    /// <returns>The job's id.</returns>
    public override string ToString() => Job.Id;
}
