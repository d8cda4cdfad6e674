namespace ReplyX.Messaging.Data;

/// <summary>What a worker has come to with a job.</summary>
/// <param name="Failure">Why it is to be given up.</param>
/// <param name="ResultKept">Until when its result is kept.</param>
/// <param name="IsPaused">Whether somebody goes on later.</param>
internal readonly record struct JobStep(DataJobFailure? Failure = null, DateTimeOffset? ResultKept = null, bool IsPaused = false)
{
    public static JobStep Done { get; }

    public static JobStep Paused { get; } = new(IsPaused: true);
}
