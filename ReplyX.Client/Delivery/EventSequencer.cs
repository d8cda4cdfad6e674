namespace ReplyX.Client;

/// <summary>Knows how far a reader has come, and what the last events were, so that each is let through once and in order.</summary>
internal sealed class EventSequencer
{
    /// <summary>
    /// Nonces remembered behind the place. After a server lost the end of its log they tell where the new log leaves the old one;
    /// with <c>appendfsync always</c> that end is empty and with <c>everysec</c> a second long, so 512 is ample.
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

    /// <summary>Judges an event without letting it through.</summary>
    internal SequenceVerdict Judge(EventCursor cursor)
    {
        if (Position is not { } at)
        {
            return SequenceVerdict.Next;
        }

        if (cursor.Seq == at.Seq + 1)
        {
            return SequenceVerdict.Next;
        }

        if (cursor.Seq > at.Seq)
        {
            return SequenceVerdict.Hole;
        }

        return Remembers(cursor) == false ? SequenceVerdict.Conflict : SequenceVerdict.Duplicate;
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

    /// <summary>Begins anew at a place, with nothing known of what lies before it.</summary>
    internal void Restart(EventCursor cursor)
    {
        _nonces.Clear();
        Position = cursor;
        if (cursor.Seq > 0 && cursor.IsVerified)
        {
            _nonces[cursor.Seq] = cursor.Nonce;
        }
    }

    /// <summary>Goes back to a place that was passed: what was let through after it is void.</summary>
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
