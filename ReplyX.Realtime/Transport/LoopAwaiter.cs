using System.Runtime.CompilerServices;

namespace ReplyX.Realtime.Transport;

/// <summary>Lets an asynchronous method go on on a loop.</summary>
/// <param name="loop">The loop.</param>
internal readonly struct LoopAwaiter(EventLoop loop) : ICriticalNotifyCompletion
{
    public bool IsCompleted => loop.IsCurrent;

    public void OnCompleted(Action continuation) => loop.Post(continuation);

    public void UnsafeOnCompleted(Action continuation) => loop.Post(continuation);

    public void GetResult()
    {
    }
}
