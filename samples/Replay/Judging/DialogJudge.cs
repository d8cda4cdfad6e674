using ReplyX.Client;

namespace ReplyX.Samples.Replay.Judging;

/// <summary>Compares what was acknowledged with the log, and with what each socket got.</summary>
internal sealed class DialogJudge
{
    private readonly DialogRecord _dialog;
    private readonly List<string> _faults = [];
    private readonly Dictionary<long, SentEvent> _sent = [];
    private readonly Dictionary<long, HandoffEvent> _steps = [];

    internal DialogJudge(DialogRecord dialog)
    {
        _dialog = dialog;
        foreach (var sent in dialog.Sent)
        {
            if (!_sent.TryAdd(sent.Cursor.Seq, sent))
            {
                Fault($"two messages were acknowledged as number {sent.Cursor.Seq}");
            }
        }

        JudgeLog();
        JudgeOrderOfSending();
        Tally = dialog.Sockets.Aggregate(Tally, (sum, socket) => sum + Judge(socket));
    }

    internal DeliveryTally Tally { get; private set; }

    /// <summary>What is wrong, in words.</summary>
    internal IReadOnlyList<string> Faults => _faults;

    /// <summary>The events that are due everywhere, by number.</summary>
    internal IEnumerable<EventCursor> Due => _sent.Values.Select(s => s.Cursor).Concat(_steps.Values.Select(s => s.Cursor!.Value)).OrderBy(c => c.Seq);

    internal string? TextOf(long seq) => _sent.GetValueOrDefault(seq)?.Text;

    /// <summary>
    /// An answer to a step names no number, so that the steps are taken from the log: it must have just those that were acknowledged,
    /// in their order.
    /// </summary>
    private void JudgeLog()
    {
        var inLog = _dialog.Log.Where(e => e.Seq > _dialog.Start.Seq).ToDictionary(e => e.Seq);
        foreach (var sent in _dialog.Sent)
        {
            if (!inLog.TryGetValue(sent.Cursor.Seq, out var held) || held.Cursor != sent.Cursor)
            {
                Fault($"message {sent.Cursor} was acknowledged and is not in the log");
            }
        }

        var steps = inLog.Values.OfType<HandoffEvent>().OrderBy(e => e.Seq).ToList();
        if (!steps.Select(s => s.State).SequenceEqual(_dialog.Steps))
        {
            Fault($"acknowledged steps: {string.Join(", ", _dialog.Steps)}; in the log: {string.Join(", ", steps.Select(s => s.State))}");
        }

        foreach (var step in steps)
        {
            _steps[step.Seq] = step;
        }

        var unaccounted = inLog.Keys.Where(seq => !_sent.ContainsKey(seq) && !_steps.ContainsKey(seq)).Order().ToList();
        if (unaccounted.Count > 0)
        {
            Fault($"in the log and never acknowledged: {string.Join(", ", unaccounted)}");
        }
    }

    private void JudgeOrderOfSending()
    {
        foreach (var own in _dialog.Sent.GroupBy(s => s.Author))
        {
            var inOrder = own.OrderBy(s => s.Line).Select(s => s.Cursor.Seq).ToList();
            var swapped = inOrder.Zip(inOrder.Skip(1)).Count(pair => pair.First > pair.Second);
            if (swapped > 0)
            {
                Tally += new DeliveryTally { Reordered = swapped };
                Fault($"{swapped} messages of one author stand before what they sent earlier");
            }
        }
    }

    private DeliveryTally Judge(SocketRecord socket)
    {
        var seen = new HashSet<long>();
        long last = _dialog.Start.Seq, duplicated = 0, reordered = 0, phantom = 0, corrupted = 0;
        foreach (var got in socket.Events)
        {
            if (!seen.Add(got.Seq))
            {
                duplicated++;
                continue;
            }

            if (got.Seq < last)
            {
                reordered++;
            }

            last = Math.Max(last, got.Seq);
            switch (IsAsSent(got))
            {
                case null:
                    phantom++;
                    Fault($"{socket.Role}: event {got.Cursor} was never acknowledged");
                    break;
                case false:
                    corrupted++;
                    Fault($"{socket.Role}: event {got.Cursor} is not as it was sent");
                    break;
            }
        }

        var due = Due.Select(c => c.Seq).ToList();
        var missing = due.Where(seq => !seen.Contains(seq)).ToList();
        if (missing.Count > 0)
        {
            Fault($"{socket.Role} on {socket.Node}: missing {string.Join(", ", missing)}");
        }

        if (duplicated + socket.Statistics.Duplicates > 0)
        {
            Fault($"{socket.Role} on {socket.Node}: {duplicated + socket.Statistics.Duplicates} came again");
        }

        if (reordered + socket.Statistics.Holes + socket.Statistics.Conflicts > 0)
        {
            Fault($"{socket.Role} on {socket.Node}: {reordered + socket.Statistics.Holes + socket.Statistics.Conflicts} came out of order");
        }

        return new DeliveryTally
        {
            Expected = due.Count,
            Delivered = due.Count - missing.Count,
            Duplicated = duplicated + socket.Statistics.Duplicates,
            Reordered = reordered + socket.Statistics.Holes + socket.Statistics.Conflicts,
            Phantom = phantom,
            Corrupted = corrupted + socket.Statistics.Malformed,
        };
    }

    /// <summary>Whether an event is what was sent under its number, character by character; null when nothing was.</summary>
    private bool? IsAsSent(ReplyXEvent got)
    {
        if (_sent.TryGetValue(got.Seq, out var sent))
        {
            return got is MessageEvent message
                && message.Cursor == sent.Cursor
                && message.DialogId == _dialog.DialogId
                && string.Equals(message.Text, sent.Text, StringComparison.Ordinal)
                && message.Sender == sent.Sender;
        }

        return _steps.TryGetValue(got.Seq, out var step)
            ? got is HandoffEvent handoff && handoff.Cursor == step.Cursor && handoff.State == step.State
            : null;
    }

    private void Fault(string what) => _faults.Add($"{_dialog.Conversation} (dialog {_dialog.DialogId}): {what}");
}
