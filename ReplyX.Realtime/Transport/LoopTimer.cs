namespace ReplyX.Realtime.Transport;

/// <summary>Something that an <see cref="EventLoop"/> does later, unless this is disposed before.</summary>
internal sealed class LoopTimer(Action action) : IDisposable
{
    private Action? _action = action;

    public void Run() => _action?.Invoke();

    public void Dispose() => _action = null;
}
