namespace ReplyX.Realtime.Connections;

/// <summary>How many bytes wait in this node for sockets that do not take them, against how many may.</summary>
internal sealed class SendBudget(long most)
{
    private long _used;

    /// <summary>How many bytes wait.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Whether more may wait.</summary>
    public bool HasRoom => Used < most;

    /// <summary>Whether a good part of it is free, so that it is not exhausted again at once.</summary>
    public bool IsRelaxed => Used < most - (most / 4);

    public void Take(int bytes) => Interlocked.Add(ref _used, bytes);

    public void Give(int bytes) => Interlocked.Add(ref _used, -bytes);
}
