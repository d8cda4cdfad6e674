using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.Streams;

namespace ReplyX.Realtime.Connections;

/// <summary>How many sockets a pool has, and on which dialogs. A pool counts and limits; it never decides who receives what.</summary>
internal sealed class PoolCounts(string name)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<StreamKey, int> _dialogs = [];
    private readonly List<DialogChange> _changes = [];
    private int _connections;

    public string Name => name;

    public int Connections => Volatile.Read(ref _connections);

    public int Dialogs
    {
        get
        {
            lock (_gate)
            {
                return _dialogs.Count;
            }
        }
    }

    public void Add(StreamKey stream)
    {
        lock (_gate)
        {
            _connections++;
            if (!stream.IsFeed)
            {
                var sockets = _dialogs.GetValueOrDefault(stream) + 1;
                _dialogs[stream] = sockets;
                if (sockets == 1)
                {
                    _changes.Add(new DialogChange(name, stream, Added: true));
                }
            }
        }
    }

    public void Remove(StreamKey stream)
    {
        lock (_gate)
        {
            _connections--;
            if (!stream.IsFeed && --_dialogs[stream] == 0)
            {
                _dialogs.Remove(stream);
                _changes.Add(new DialogChange(name, stream, Added: false));
            }
        }
    }

    /// <summary>What changed since the last call, or all there is.</summary>
    public IEnumerable<DialogChange> TakeChanges(bool whole)
    {
        lock (_gate)
        {
            // A dialog may have come and gone several times: only where it ended up counts.
            var changes = whole
                ? _dialogs.Keys.Select(dialog => new DialogChange(name, dialog, Added: true)).ToList()
                : _changes.GroupBy(change => change.Dialog).Select(group => group.Last()).ToList();
            _changes.Clear();
            return changes;
        }
    }
}
