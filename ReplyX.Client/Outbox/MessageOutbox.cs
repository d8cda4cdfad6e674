namespace ReplyX.Client;

/// <summary>
/// Messages in the order they were sent in, until the server answers for each. A new socket sends again what the old one left
/// unanswered, under the same keys; the log drops what it has already, as long as it knows the key.
/// </summary>
internal sealed class MessageOutbox(int capacity, int inFlight, TimeSpan keyLifetime, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<OutboxEntry> _entries = [];
    private TaskCompletionSource _changed = NewSignal();
    private bool _closed;

    /// <summary>Ends when there may be something new to do.</summary>
    internal Task Changed
    {
        get
        {
            lock (_lock)
            {
                return _changed.Task;
            }
        }
    }

    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Adds a message.</summary>
    /// <returns>Its entry, which may have failed already; the one that waits, for the same message sent twice.</returns>
    internal OutboxEntry Add(string text, string clientId)
    {
        lock (_lock)
        {
            if (_entries.FirstOrDefault(e => e.ClientId == clientId) is { } waiting)
            {
                if (waiting.Text == text)
                {
                    return waiting;
                }

                var other = new OutboxEntry(clientId, text);
                other.Fail(SendErrorCodes.KeyInUse, "Another text with this key waits for its answer.", mayBeStored: false);
                return other;
            }

            var entry = new OutboxEntry(clientId, text);
            if (_closed)
            {
                entry.Fail(SendErrorCodes.ConnectionEnded, "The connection has ended.", mayBeStored: false);
            }
            else if (_entries.Count >= capacity)
            {
                entry.Fail(SendErrorCodes.OutboxFull, "Too many messages wait for their answer.", mayBeStored: false);
            }
            else
            {
                _entries.AddLast(entry);
                Signal();
            }

            return entry;
        }
    }

    /// <summary>Takes a message out that nobody waits for any more. One that went out may be stored all the same.</summary>
    internal void Withdraw(OutboxEntry entry)
    {
        lock (_lock)
        {
            if (_entries.Remove(entry))
            {
                Signal();
            }
        }
    }

    /// <summary>
    /// The next message to put on the wire. It counts as sent, unless its key may be forgotten: then it is to be settled first, and has
    /// no <see cref="OutboxEntry.SentAt"/>.
    /// Null when there is none for now.
    /// </summary>
    /// <param name="lastSeq">The last event known.</param>
    internal OutboxEntry? TakeNext(long lastSeq)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            foreach (var entry in _entries.Take(inFlight))
            {
                if (entry.SentAt is not null)
                {
                    continue;
                }

                if (entry.NotBefore > now)
                {
                    return null;
                }

                entry.NotBefore = null;
                if (!IsPastItsKey(entry))
                {
                    MarkSent(entry, lastSeq);
                }

                return entry;
            }

            return null;
        }
    }

    /// <summary>Lets a message that is not in the log, for certain, go out as if it never had. It counts as sent.</summary>
    /// <returns>Whether somebody still waits for it.</returns>
    internal bool SendAnew(OutboxEntry entry, long lastSeq)
    {
        lock (_lock)
        {
            if (!_entries.Contains(entry))
            {
                return false;
            }

            entry.First = null;
            MarkSent(entry, lastSeq);
            return true;
        }
    }

    /// <summary>Nothing can tell whether a message is in the log.</summary>
    internal void GiveUp(OutboxEntry entry) =>
        Remove(entry.ClientId)?.Fail(
            SendErrorCodes.KeyExpired, "The server may have forgotten the key, and there is no history to look into.", mayBeStored: true);

    /// <summary>How long until something is due without a signal: a repetition, or an answer that is late. Null for never.</summary>
    internal TimeSpan? UntilDue(TimeSpan ackTimeout)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            TimeSpan? due = null;
            foreach (var entry in _entries.Take(inFlight))
            {
                TimeSpan? own = entry.SentAt is { } sent ? ackTimeout - time.GetElapsedTime(sent, now)
                    : entry.NotBefore is { } notBefore ? time.GetElapsedTime(now, notBefore)
                    : null;
                if (own < TimeSpan.Zero)
                {
                    own = TimeSpan.Zero;
                }

                if (due is null || own < due)
                {
                    due = own ?? due;
                }
            }

            return due;
        }
    }

    /// <summary>Whether an answer is overdue.</summary>
    internal bool AnswerIsLate(TimeSpan ackTimeout)
    {
        lock (_lock)
        {
            return _entries.Any(e => e.SentAt is { } sent && time.GetElapsedTime(sent) >= ackTimeout);
        }
    }

    internal void Acknowledge(string clientId, EventCursor cursor, bool duplicate)
        => Remove(clientId)?.Complete(new SendResult { ClientId = clientId, Cursor = cursor, Duplicate = duplicate });

    /// <summary>The server refused a message for good.</summary>
    /// <returns>Whether it was one of ours.</returns>
    internal bool Refuse(string clientId, SendError error)
    {
        if (Remove(clientId) is not { } entry)
        {
            return false;
        }

        entry.Complete(new SendResult { ClientId = clientId, Error = error });
        return true;
    }

    /// <summary>The server wants a message again later.</summary>
    internal bool Postpone(string clientId, TimeSpan wait)
    {
        lock (_lock)
        {
            if (_entries.FirstOrDefault(e => e.ClientId == clientId) is not { } entry)
            {
                return false;
            }

            entry.SentAt = null;
            entry.NotBefore = time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);
            Signal();
            return true;
        }
    }

    /// <summary>A new socket: everything is to be sent on it.</summary>
    internal void BeginSocket()
    {
        lock (_lock)
        {
            foreach (var entry in _entries)
            {
                entry.SentAt = null;
            }
        }
    }

    /// <summary>The server closed the socket over a message that is too big: the biggest one out is it, or it would come again for ever.</summary>
    internal void FailBiggestSent()
    {
        OutboxEntry? biggest;
        lock (_lock)
        {
            biggest = _entries.Where(e => e.SentAt is not null).MaxBy(e => e.Frame.Length);
            if (biggest is not null)
            {
                _entries.Remove(biggest);
            }
        }

        biggest?.Fail(SendErrorCodes.MessageTooBig, "The server takes no message of this size.", mayBeStored: false);
    }

    /// <summary>The connection has ended: nothing will be answered any more.</summary>
    internal void Close()
    {
        OutboxEntry[] left;
        lock (_lock)
        {
            _closed = true;
            left = [.. _entries];
            _entries.Clear();
        }

        foreach (var entry in left)
        {
            entry.Fail(SendErrorCodes.ConnectionEnded, "The connection ended before the server answered.", entry.WasSent);
        }
    }

    /// <summary>
    /// Whether a message first went out so long ago that the server may have forgotten its key: sent again it might be stored twice.
    /// </summary>
    private bool IsPastItsKey(OutboxEntry entry) =>
        entry.First is { } first
        && (time.GetElapsedTime(first.Timestamp) >= keyLifetime || time.GetUtcNow() - first.Time >= keyLifetime);

    private void MarkSent(OutboxEntry entry, long lastSeq)
    {
        entry.SentAt = time.GetTimestamp();
        entry.First ??= new FirstSend(entry.SentAt.Value, time.GetUtcNow(), lastSeq);
    }

    private OutboxEntry? Remove(string clientId)
    {
        lock (_lock)
        {
            if (_entries.FirstOrDefault(e => e.ClientId == clientId) is not { } entry)
            {
                return null;
            }

            _entries.Remove(entry);
            Signal();
            return entry;
        }
    }

    private void Signal()
    {
        var signal = _changed;
        _changed = NewSignal();
        signal.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
