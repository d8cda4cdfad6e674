namespace ReplyX.Client;

/// <summary>
/// Reads a dialog's history, for what the log can no longer replay. <see cref="ReplyXApiClient"/> makes them.
/// </summary>
public interface IDialogHistory
{
    /// <summary>Reads the events that follow a place, oldest first.</summary>
    /// <param name="seq">The number of the event before the first one wanted.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A page, or why there is none.</returns>
    Task<ApiResult<HistoryPage>> ReadAfterAsync(long seq, int limit, CancellationToken cancellationToken);

    /// <summary>Reads the events that come right before a place, oldest first.</summary>
    /// <param name="seq">The number of the event after the last one wanted.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A page, or why there is none.</returns>
    Task<ApiResult<HistoryPage>> ReadBeforeAsync(long seq, int limit, CancellationToken cancellationToken);
}
