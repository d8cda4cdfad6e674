using System.Globalization;

namespace ReplyX.Smoke.Checks;

/// <summary>The time that all checks have together.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationToken _interruption;
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenSource _either;
    private readonly TimeSpan _limit;

    /// <summary>Begins now.</summary>
    /// <param name="limit">How long.</param>
    /// <param name="time">The clock.</param>
    /// <param name="interruption">Ends it early.</param>
    public Deadline(TimeSpan limit, TimeProvider time, CancellationToken interruption)
    {
        _limit = limit;
        _interruption = interruption;
        _end = new CancellationTokenSource(limit, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, interruption);
    }

    public CancellationToken Token => _either.Token;

    public bool IsInterrupted => _interruption.IsCancellationRequested;

    /// <summary>Waits; the failure says what was waited for.</summary>
    public async Task<T> WaitAsync<T>(Task<T> task, Func<string> what)
    {
        await WaitAsync((Task)task, what);
        return await task;
    }

    /// <inheritdoc cref="WaitAsync{T}"/>
    public async Task WaitAsync(Task task, Func<string> what)
    {
        try
        {
            await task.WaitAsync(Token);
        }
        catch (OperationCanceledException) when (Token.IsCancellationRequested)
        {
            throw new CheckFailedException(IsInterrupted
                ? "interrupted"
                : string.Create(CultureInfo.InvariantCulture, $"the {_limit.TotalSeconds:0} s are over, waited for {what()}"));
        }
    }

    public void Dispose()
    {
        _either.Dispose();
        _end.Dispose();
    }
}
