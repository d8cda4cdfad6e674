namespace ReplyX.Client;

/// <summary>Keeps the position of a reader and the nonces of the last events, so that each event is let through once and in order.</summary>
internal sealed class EventSequencer
{
    /// <summary>
    /// How many nonces are kept. After a server has lost the end of its log, they show where the new log differs from the old one.
    /// With <c>appendfsync always</c> nothing is lost and with <c>everysec</c> a second, so 512 is more than enough.
    /// </summary>
    private const int Memory = 512;

    private readonly Dictionary<long, string> _nonces = [];

    internal EventSequencer(EventCursor? start)
    {
        if (start is { } cursor)
        {
            Restart(cursor);
        }
    }

    /// <summary>The last event let through, or where the reader began; null while that is open.</summary>
    internal EventCursor? Position { get; private set; }

    /// <summary>The lowest number whose nonce is known.</summary>
    internal long OldestRemembered => Position is { } at ? Math.Max(1, at.Seq - Math.Max(1, _nonces.Count) + 1) : 1;

    /// <summary>Compares an event with the position, without changing it.</summary>
    internal SequenceStatus Check(EventCursor cursor)
    {
        if (Position is not { } at)
        {
            return SequenceStatus.Next;
        }

        if (cursor.Seq == at.Seq + 1)
        {
            return SequenceStatus.Next;
        }

        if (cursor.Seq > at.Seq)
        {
            return SequenceStatus.Hole;
        }

        return Remembers(cursor) == false ? SequenceStatus.Conflict : SequenceStatus.Duplicate;
    }

    /// <summary>Lets an event through: it is now the last one.</summary>
    internal void Advance(EventCursor cursor)
    {
        if (Position is { } at && at.Seq + 1 != cursor.Seq)
        {
            _nonces.Clear();
        }

        Position = cursor;
        _nonces[cursor.Seq] = cursor.Nonce;
        _nonces.Remove(cursor.Seq - Memory);
    }

    /// <summary>Starts again at a place, with nothing known of the events before it.</summary>
    internal void Restart(EventCursor cursor)
    {
        _nonces.Clear();
        Position = cursor;
        if (cursor.Seq > 0 && cursor.IsVerified)
        {
            _nonces[cursor.Seq] = cursor.Nonce;
        }
    }

    /// <summary>Goes back to an earlier place: the events that were let through after it no longer count.</summary>
    internal void Rewind(EventCursor cursor)
    {
        foreach (var seq in _nonces.Keys.Where(seq => seq > cursor.Seq).ToArray())
        {
            _nonces.Remove(seq);
        }

        Position = cursor;
    }

    /// <summary>Whether an event is the one seen under its number; null when that is not known any more.</summary>
    internal bool? Remembers(EventCursor cursor)
        => _nonces.TryGetValue(cursor.Seq, out var nonce) ? nonce == cursor.Nonce : null;
}
