namespace ReplyX.Client;

/// <summary>
/// Messages in the order they were sent in, until the server answers for each. A new socket sends again what the old one left
/// unanswered, under the same keys; the log stores no message twice, as long as it knows the key.
/// </summary>
internal sealed class MessageOutbox(int capacity, int inFlight, TimeSpan keyLifetime, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<OutboxEntry> _entries = [];
    private TaskCompletionSource _changed = NewSignal();
    private bool _closed;

    /// <summary>Completes when there may be something new to do.</summary>
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
    /// <returns>Its entry, which may have failed already. If the same message waits already, that entry.</returns>
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

    /// <summary>Removes a message that nobody waits for any more. If it was sent, it may be stored all the same.</summary>
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
    /// The next message to send, or null if there is none now. It counts as sent, unless the server may no longer know its key: then it
    /// has no <see cref="OutboxEntry.SentAt"/>, and the history has to be searched for it first.
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
                if (!IsKeyExpired(entry))
                {
                    MarkSent(entry, lastSeq);
                }

                return entry;
            }

            return null;
        }
    }

    /// <summary>Marks a message that is certainly not in the log as sent for the first time.</summary>
    /// <returns>Whether somebody still waits for it.</returns>
    internal bool RestartSend(OutboxEntry entry, long lastSeq)
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

    /// <summary>Fails a message whose key may be unknown to the server, where no history can tell whether it is stored.</summary>
    internal void FailExpired(OutboxEntry entry) =>
        Remove(entry.ClientId)?.Fail(
            SendErrorCodes.KeyExpired, "The server may have forgotten the key, and there is no history to look into.", mayBeStored: true);

    /// <summary>The time until a message has to be repeated or its answer is overdue; null if there is no such time.</summary>
    internal TimeSpan? TimeUntilDue(TimeSpan ackTimeout)
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
    internal bool IsAckOverdue(TimeSpan ackTimeout)
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

    /// <summary>The server asks to repeat a message later.</summary>
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

    /// <summary>Marks every message as unsent, because a new socket was opened.</summary>
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

    /// <summary>Fails the largest message that was sent: the server closed the socket because a message was too big, and would do so again.</summary>
    internal void FailLargestSent()
    {
        OutboxEntry? largest;
        lock (_lock)
        {
            largest = _entries.Where(e => e.SentAt is not null).MaxBy(e => e.Frame.Length);
            if (largest is not null)
            {
                _entries.Remove(largest);
            }
        }

        largest?.Fail(SendErrorCodes.MessageTooBig, "The server takes no message of this size.", mayBeStored: false);
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
    /// Whether a message was first sent so long ago that the server may no longer know its key. If sent again, it might be stored twice.
    /// </summary>
    private bool IsKeyExpired(OutboxEntry entry) =>
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
