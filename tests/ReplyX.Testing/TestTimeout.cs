namespace ReplyX.Testing;

/// <summary>Bounds on waiting. They are generous, since they only end a test that has failed anyway.</summary>
public static class TestTimeout
{
    public static TimeSpan Default { get; } = TimeSpan.FromSeconds(60);

    /// <summary>A token that ends with the test or after <paramref name="limit"/>, whichever is first.</summary>
    public static CancellationToken Token(TimeSpan? limit = null)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        source.CancelAfter(limit ?? Default);
        return source.Token;
    }

    /// <summary>Waits for the task, but no longer than <paramref name="limit"/>; the failure then says what was waited for.</summary>
    public static async Task<T> Within<T>(this Task<T> task, string what, TimeSpan? limit = null)
    {
        await ((Task)task).Within(what, limit);
        return await task;
    }

    /// <inheritdoc cref="Within{T}"/>
    public static async Task Within(this Task task, string what, TimeSpan? limit = null)
    {
        try
        {
            await task.WaitAsync(limit ?? Default, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"waited {(limit ?? Default).TotalSeconds:0} s for {what}");
        }
    }
}
