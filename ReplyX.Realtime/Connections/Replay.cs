using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;

namespace ReplyX.Realtime.Connections;

/// <summary>How far a socket's replay has come.</summary>
/// <param name="after">The client's cursor.</param>
/// <param name="startedAt">When it began.</param>
/// <param name="budget">What held events count against.</param>
internal sealed class Replay(Cursor after, long startedAt, SendBudget budget)
{
    private readonly Queue<HeldEvents> _held = new();

    public long StartedAt => startedAt;

    /// <summary>The last event that was sent or queued.</summary>
    public Cursor After { get; set; } = after;

    /// <summary>Whether the log held the client's cursor, and the client was told so.</summary>
    public bool IsRecovering { get; set; }

    /// <summary>How far each side had read when the client was told so. What is not stored and comes before the seam is not sent.</summary>
    public ReadMarks Read { get; set; }

    /// <summary>Whether a page is being read, or waits to be.</summary>
    public bool IsReading { get; set; }

    /// <summary>Where its dialog stood when it joined: up to there events come from the log, and what is live since then is held.</summary>
    public Cursor? Seam { get; set; }

    /// <summary>How many bytes are held.</summary>
    public int HeldBytes { get; private set; }

    /// <summary>Keeps live events until the replay has reached the seam.</summary>
    public void Hold(in HeldEvents events)
    {
        _held.Enqueue(events);
        HeldBytes += events.Bytes.Length;
        budget.Take(events.Bytes.Length);
    }

    /// <summary>Gives what was held, in order.</summary>
    public bool TryRelease(out HeldEvents events)
    {
        if (!_held.TryDequeue(out events))
        {
            return false;
        }

        HeldBytes -= events.Bytes.Length;
        budget.Give(events.Bytes.Length);
        return true;
    }

    /// <summary>Drops what is held.</summary>
    public void Clear()
    {
        _held.Clear();
        budget.Give(HeldBytes);
        HeldBytes = 0;
    }
}
