using System.Threading.Channels;

namespace ReplyX.Messaging.Projection;

/// <summary>
/// What this process has to tell accounts' lists: events that it has just appended, and partitions whose outboxes hold what somebody else
/// appended, or what could not be told before. What it forgets with its process a sweep finds.
/// </summary>
internal sealed class ProjectionQueue
{
    // More than a busy process has in a second. Beyond that they are read from the outboxes, and not from memory.
    private const int MostAppended = 20_000;

    private readonly Channel<string> _accounts = Channel.CreateUnbounded<string>();
    private readonly Channel<int> _partitions = Channel.CreateUnbounded<int>();
    private readonly Turns<string> _accountTurns = new();
    private readonly Turns<int> _partitionTurns = new();
    private readonly Dictionary<string, List<AppendedEvent>> _appended = [];
    private int _count;

    /// <summary>An event was appended.</summary>
    public void Add(AppendedEvent appended)
    {
        var account = appended.Note.Dialog.Account;
        lock (_appended)
        {
            if (_count < MostAppended)
            {
                _count++;
                if (!_appended.TryGetValue(account, out var waiting))
                {
                    _appended[account] = waiting = [];
                }

                waiting.Add(appended);
                appended = null!;
            }
        }

        if (appended is not null)
        {
            Hint(appended.Note.Dialog.Partition);
        }
        else if (_accountTurns.Want(account))
        {
            _accounts.Writer.TryWrite(account);
        }
    }

    /// <summary>Something was put into a partition's outbox.</summary>
    public void Hint(int partition)
    {
        if (_partitionTurns.Want(partition))
        {
            _partitions.Writer.TryWrite(partition);
        }
    }

    /// <summary>Waits for an account of which something was appended. It is the caller's until <see cref="Done(string)"/>.</summary>
    public async ValueTask<string> TakeAccountAsync(CancellationToken cancellationToken)
    {
        var account = await _accounts.Reader.ReadAsync(cancellationToken);
        _accountTurns.Begin(account);
        return account;
    }

    /// <summary>What was appended of an account's dialogs, at most so many, in the order of their appends.</summary>
    public List<AppendedEvent> TakeAppended(string account, int most)
    {
        List<AppendedEvent> taken;
        lock (_appended)
        {
            if (!_appended.TryGetValue(account, out var waiting))
            {
                return [];
            }

            if (waiting.Count <= most)
            {
                taken = waiting;
                _appended.Remove(account);
            }
            else
            {
                taken = waiting[..most];
                waiting.RemoveRange(0, most);
            }

            _count -= taken.Count;
        }

        // Answers to appends are not always heard of in their order.
        taken.Sort((one, other) => (one.Note.Dialog.DialogId, one.Note.Seq).CompareTo((other.Note.Dialog.DialogId, other.Note.Seq)));
        return taken;
    }

    /// <summary>An account has been told of what was taken. If there is more by now it waits again.</summary>
    public void Done(string account)
    {
        bool waits;
        lock (_appended)
        {
            waits = _appended.ContainsKey(account);
        }

        if (_accountTurns.End(account, waits))
        {
            _accounts.Writer.TryWrite(account);
        }
    }

    /// <summary>Waits for a partition. It is the caller's until <see cref="Done(int)"/>.</summary>
    public async ValueTask<int> TakePartitionAsync(CancellationToken cancellationToken)
    {
        var partition = await _partitions.Reader.ReadAsync(cancellationToken);
        _partitionTurns.Begin(partition);
        return partition;
    }

    /// <summary>A partition has been worked on. If something was put in meanwhile it waits again.</summary>
    public void Done(int partition)
    {
        if (_partitionTurns.End(partition, waits: false))
        {
            _partitions.Writer.TryWrite(partition);
        }
    }

    /// <summary>Each waits at most once, and again only when it has been worked on.</summary>
    private sealed class Turns<T>
        where T : notnull
    {
        private enum State
        {
            Queued,
            Running,
            RunningAndDue,
        }

        private readonly Dictionary<T, State> _states = [];

        /// <returns>Whether it is to be queued now.</returns>
        public bool Want(T one)
        {
            lock (_states)
            {
                if (!_states.TryGetValue(one, out var state))
                {
                    _states[one] = State.Queued;
                    return true;
                }

                _states[one] = state == State.Queued ? State.Queued : State.RunningAndDue;
                return false;
            }
        }

        public void Begin(T one)
        {
            lock (_states)
            {
                _states[one] = State.Running;
            }
        }

        /// <returns>Whether it is to be queued again.</returns>
        public bool End(T one, bool waits)
        {
            lock (_states)
            {
                if (waits || _states[one] == State.RunningAndDue)
                {
                    _states[one] = State.Queued;
                    return true;
                }

                _states.Remove(one);
                return false;
            }
        }
    }
}
