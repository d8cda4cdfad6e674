namespace ReplyX.Client.Tests.Server;

/// <summary>Waits that end, and that name what they waited for when they do not get it.</summary>
internal static class Wait
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    public static async Task<T> For<T>(Task<T> task, string what)
    {
        await For((Task)task, what);
        return await task;
    }

    public static async Task For(Task task, string what)
    {
        try
        {
            await task.WaitAsync(_limit, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Waited {_limit.TotalSeconds} s in vain for {what}.");
        }
    }
}
