using System.Text;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.PubSub;
using ReplyX.Messaging.Redis;

namespace ReplyX.Api.Assistant.Answering;

/// <summary>
/// One answer as it comes about: keeps the lease, tells the dialog's sockets what was written since, and gives the answer up when the
/// lease is lost or an operator takes the dialog. What it says and whether it still may is one step in Redis.
/// </summary>
internal sealed class AnswerStream : IAsyncDisposable
{
    // An event of this size is one TCP segment or a few; more text makes more events.
    private const int MostOfEvent = 1_500;

    // Clients believe for some seconds that somebody types.
    private static readonly TimeSpan _typingRepeat = TimeSpan.FromSeconds(4);

    private readonly AssistantWork _work;
    private readonly Backplane _backplane;
    private readonly AssistantLease _lease;
    private readonly long _replyTo;
    private readonly AssistantOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _given;
    private readonly CancellationTokenSource _ended = new();
    private readonly StringBuilder _unsaid = new();
    private readonly Lock _lock = new();
    private readonly Task _running;
    private int _said;
    private bool _isTyping;
    private long _typedAt;
    private long _heldAt;

    public AnswerStream(
        AssistantWork work,
        Backplane backplane,
        AssistantLease lease,
        long replyTo,
        AssistantOptions options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        (_work, _backplane, _lease, _replyTo, _options, _time) = (work, backplane, lease, replyTo, options, time);
        _given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _heldAt = time.GetTimestamp();
        _running = RunAsync();
    }

    /// <summary>Whose the dialog is, as far as is known.</summary>
    public LeaseState State { get; private set; } = LeaseState.Held;

    /// <summary>Cancelled when the answer is to be given up.</summary>
    public CancellationToken Token => _given.Token;

    /// <summary>Whether nothing is written yet.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>Takes the next piece of the answer. Never waits.</summary>
    public void Add(string text)
    {
        lock (_lock)
        {
            _unsaid.Append(text);
        }

        IsEmpty = false;
    }

    /// <summary>The answer is written, or given up: nothing more of it is streamed. What waited is in the message that follows.</summary>
    /// <returns>Whether the message may follow.</returns>
    public async Task<LeaseState> EndAsync(CancellationToken cancellationToken)
    {
        await _ended.CancelAsync();
        await _running;
        if (State == LeaseState.Held)
        {
            await HoldAsync(_isTyping ? [AssistantEvents.TypingStop(_lease.Dialog)] : [], cancellationToken);
            _isTyping &= State != LeaseState.Held;
        }

        return State;
    }

    /// <summary>No message follows: what was streamed is void, for whoever watches.</summary>
    public async Task WithdrawAsync(CancellationToken cancellationToken)
    {
        if (State == LeaseState.Lost)
        {
            // Another worker's now, who begins anew.
            return;
        }

        if (_isTyping)
        {
            _isTyping = false;
            await SayAsync(AssistantEvents.TypingStop(_lease.Dialog), cancellationToken);
        }

        if (_said > 0)
        {
            _said = 0;
            await SayAsync(AssistantEvents.DeltaEnd(_lease.Dialog, _replyTo), cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _running;
        _ended.Dispose();
        _given.Dispose();
    }

    private Task SayAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        _backplane.PublishAsync(_lease.Dialog, origin: 0, payload, _time.GetUtcNow(), cancellationToken);

    private async Task RunAsync()
    {
        // Of the caller's own time nothing is to be spent.
        await Task.Yield();
        using var timer = new PeriodicTimer(_options.DeltaInterval, _time);
        try
        {
            do
            {
                await TellAsync();
            }
            while (State == LeaseState.Held && await timer.WaitForNextTickAsync(_ended.Token));
        }
        catch (OperationCanceledException)
        {
            // Written, or given up from outside.
        }
    }

    private async Task TellAsync()
    {
        var said = TakeUnsaid();
        if (said.Count == 0 && _said == 0 && (!_isTyping || _time.GetElapsedTime(_typedAt) >= _typingRepeat))
        {
            said.Add(AssistantEvents.TypingStart(_lease.Dialog));
            _isTyping = true;
            _typedAt = _time.GetTimestamp();
        }

        if (said.Count == 0 && _time.GetElapsedTime(_heldAt) < _options.WatchInterval)
        {
            return;
        }

        try
        {
            await HoldAsync(said, _given.Token);
        }
        catch (MessagingUnavailableException)
        {
            // What was to be said is missing, so that who hears the rest waits for the message. The lease is ours until it runs out.
            if (_time.GetElapsedTime(_heldAt) > _options.Lease)
            {
                await GiveUpAsync(LeaseState.Lost);
            }
        }
    }

    private async Task HoldAsync(IReadOnlyList<ReadOnlyMemory<byte>> said, CancellationToken cancellationToken)
    {
        var now = _time.GetTimestamp();
        var state = await _work.HoldAsync(_lease, _options.Lease, said, _time.GetUtcNow(), cancellationToken);
        if (state == LeaseState.Held)
        {
            _heldAt = now;
        }
        else
        {
            await GiveUpAsync(state);
        }
    }

    private async Task GiveUpAsync(LeaseState state)
    {
        State = state;
        await _given.CancelAsync();
    }

    private List<ReadOnlyMemory<byte>> TakeUnsaid()
    {
        string text;
        lock (_lock)
        {
            // Half a character waits for its other half.
            var length = _unsaid.Length > 0 && char.IsHighSurrogate(_unsaid[^1]) ? _unsaid.Length - 1 : _unsaid.Length;
            text = _unsaid.ToString(0, length);
            _unsaid.Remove(0, length);
        }

        List<ReadOnlyMemory<byte>> events = [];
        if (text.Length > 0 && _isTyping)
        {
            events.Add(AssistantEvents.TypingStop(_lease.Dialog));
            _isTyping = false;
        }

        for (var at = 0; at < text.Length;)
        {
            // Cut between characters, or half of one would be sent.
            var length = Math.Min(MostOfEvent, text.Length - at);
            length -= at + length < text.Length && char.IsHighSurrogate(text[at + length - 1]) ? 1 : 0;
            events.Add(AssistantEvents.Delta(_lease.Dialog, _replyTo, _said, text.Substring(at, length)));
            _said += length;
            at += length;
        }

        return events;
    }
}
