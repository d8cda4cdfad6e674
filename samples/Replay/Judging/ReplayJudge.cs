using ReplyX.Client;

namespace ReplyX.Samples.Replay.Judging;

/// <summary>Audits all dialogs and sockets of a replay, adds up, and puts what is wrong into words.</summary>
internal sealed class ReplayJudge
{
    private const int ShownOfAKind = 3;

    private readonly List<string> _faults = [];

    internal ReplayJudge(IReadOnlyCollection<DialogRecord> dialogs, IReadOnlyList<SocketRecord> lists)
    {
        var audited = new List<AuditedDialog>();
        foreach (var record in dialogs)
        {
            var dialog = record.ToAudited();
            var name = $"{record.Conversation} (dialog {record.DialogId})";
            audited.Add(dialog);
            var log = DeliveryAudit.OfLog(dialog);
            Tell(name, log);

            // Each other verdict on the log shows in what the sockets got, too, and is counted there.
            Dialog += new DeliveryTally { Reordered = log[DeliveryVerdict.Reordered] };
            foreach (var socket in record.Sockets)
            {
                var audit = DeliveryAudit.OfSocket(dialog, record.Start.Seq, socket.Received, socket.Statistics);
                Tell($"{name}: {socket.Role} on {socket.Node}", audit);
                Dialog += DeliveryTally.Of(audit);
            }
        }

        foreach (var socket in lists)
        {
            var audit = DeliveryAudit.OfList(audited, socket.Received, isShared: true, socket.Statistics);
            Tell($"{socket.Role} on {socket.Node}", audit);
            List += DeliveryTally.Of(audit);
        }
    }

    /// <summary>What came to the sockets of the dialogs.</summary>
    internal DeliveryTally Dialog { get; }

    /// <summary>What came to the list sockets.</summary>
    internal DeliveryTally List { get; }

    /// <summary>What is wrong, in words.</summary>
    internal IReadOnlyList<string> Faults => _faults;

    private void Tell(string name, DeliveryAudit audit)
    {
        foreach (var kind in audit.Findings.GroupBy(finding => finding.Verdict))
        {
            var first = string.Join("; ", kind.Take(ShownOfAKind).Select(finding => finding.What));
            _faults.Add($"{name}: {audit[kind.Key]} {kind.Key.ToString().ToLowerInvariant()}: {first}{(kind.Skip(ShownOfAKind).Any() ? " …" : "")}");
        }
    }
}
