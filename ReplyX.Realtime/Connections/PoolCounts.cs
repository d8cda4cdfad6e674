using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.Streams;

namespace ReplyX.Realtime.Connections;

/// <summary>How many sockets a pool has, and on which dialogs. A pool counts and limits; it never decides who receives what.</summary>
internal sealed class PoolCounts(string name)
{
    private readonly Lock _gate = new();

    // By their hashes alone, so that two dialogs of one hash are one here as they are in every sketch.
    private readonly Dictionary<ulong, int> _dialogs = [];
    private readonly SortedSet<ulong> _ordered = [];
    private int _connections;

    public string Name => name;

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>How many dialogs they are on.</summary>
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
        var dialog = DialogSketch.Hash(stream);
        lock (_gate)
        {
            _connections++;
            if (stream.IsFeed)
            {
                return;
            }

            var sockets = _dialogs.GetValueOrDefault(dialog) + 1;
            _dialogs[dialog] = sockets;
            if (sockets == 1)
            {
                _ordered.Add(dialog);
            }
        }
    }

    public void Remove(StreamKey stream)
    {
        var dialog = DialogSketch.Hash(stream);
        lock (_gate)
        {
            _connections--;
            if (!stream.IsFeed && --_dialogs[dialog] == 0)
            {
                _dialogs.Remove(dialog);
                _ordered.Remove(dialog);
            }
        }
    }

    /// <summary>What it holds at one moment; it costs no more for more dialogs.</summary>
    public PoolSnapshot Snapshot()
    {
        lock (_gate)
        {
            var smallest = _ordered.Take(DialogSketch.Size).ToArray();
            return new PoolSnapshot(_connections, _ordered.Count, new DialogSketch(smallest, isWhole: smallest.Length == _ordered.Count));
        }
    }
}
