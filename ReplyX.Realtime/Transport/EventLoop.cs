using System.Collections.Concurrent;

namespace ReplyX.Realtime.Transport;

/// <summary>
/// One thread that does one thing after the other: what its descriptors are ready for, what other threads posted, and what is due.
/// State that only a loop touches needs no lock, and what waits does not run here.
/// </summary>
internal abstract partial class EventLoop : IDisposable
{
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly PriorityQueue<LoopTimer, long> _timers = new();
    private readonly ITimer _alarm;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private Queue<IPollTarget> _turns = new();
    private Queue<IPollTarget> _takingTurns = new();
    private int _awake = 1;
    private int _hasRung;
    private bool _stopping;

    protected EventLoop(string name, TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
        Poller = Poller.Create();
        _alarm = time.CreateTimer(static loop => ((EventLoop)loop!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    public Poller Poller { get; }

    /// <summary>Runs something on the loop, after what was posted before it. May be called by any thread.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        Wake();
    }

    /// <summary><c>await loop</c> goes on on the loop, at once if it is there already.</summary>
    public LoopAwaiter GetAwaiter() => new(this);

    /// <summary>Whether this is the loop's thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Runs something on the loop and gives its result. May be called by any thread but the loop's.</summary>
    public Task<T> InvokeAsync<T>(Func<T> function)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                result.SetResult(function());
            }
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        });
        return result.Task;
    }

    /// <summary>Runs something on the loop, and completes when it is done. May be called by any thread but the loop's.</summary>
    public Task InvokeAsync(Action action) => InvokeAsync(() =>
    {
        action();
        return true;
    });

    /// <summary>Runs something on the loop later. Called on the loop.</summary>
    /// <returns>Dispose it, on the loop, if it is not to happen.</returns>
    public IDisposable Schedule(TimeSpan delay, Action action)
    {
        var timer = new LoopTimer(action);
        Schedule(delay, timer);
        return timer;
    }

    /// <summary>Runs something on the loop later, without an allocation. Called on the loop.</summary>
    /// <param name="delay">How much later.</param>
    /// <param name="timer">What to run; it is not waiting already.</param>
    public void Schedule(TimeSpan delay, LoopTimer timer)
    {
        var due = _time.GetTimestamp() + (long)(Math.Max(0, delay.TotalSeconds) * _time.TimestampFrequency);
        var isNext = !_timers.TryPeek(out _, out var next) || due < next;
        _timers.Enqueue(timer, due);
        if (isNext)
        {
            SetAlarm(due);
        }
    }

    /// <summary>Gives a target its turn once the others had theirs. Called on the loop.</summary>
    public void TakeTurn(IPollTarget target) => _turns.Enqueue(target);

    public void Start() => _thread.Start();

    /// <summary>Ends the loop after what it is doing and what was posted before.</summary>
    public virtual void Dispose()
    {
        GC.SuppressFinalize(this);
        Volatile.Write(ref _stopping, true);
        Wake();
        if (_thread.IsAlive && Thread.CurrentThread != _thread)
        {
            _thread.Join();
        }

        _alarm.Dispose();
        Poller.Dispose();
    }

    /// <summary>Called when everything that was ready has had its turn, before the loop waits.</summary>
    protected virtual void OnTurnEnd()
    {
    }

    private void Run()
    {
        // Made once: a turn is to allocate nothing.
        var waitForEvents = WaitForEvents;
        var onTurnEnd = OnTurnEnd;
        while (!Volatile.Read(ref _stopping))
        {
            Guarded(waitForEvents);
            while (_posted.TryDequeue(out var action))
            {
                Guarded(action);
            }

            GiveTurns();
            RunTimers();
            Guarded(onTurnEnd);
        }

        while (_posted.TryDequeue(out var last))
        {
            Guarded(last);
        }
    }

    private void WaitForEvents()
    {
        // Asleep first, then a look: whoever posts after the look finds it asleep and wakes it.
        Interlocked.Exchange(ref _awake, 0);
        var block = _posted.IsEmpty && _turns.Count == 0 && !Volatile.Read(ref _stopping);
        try
        {
            Poller.Wait(block);
        }
        finally
        {
            Interlocked.Exchange(ref _awake, 1);
        }
    }

    private void GiveTurns()
    {
        (_turns, _takingTurns) = (_takingTurns, _turns);
        while (_takingTurns.TryDequeue(out var target))
        {
            try
            {
                target.OnReady(0);
            }
            catch (Exception exception)
            {
                Log.Failed(_logger, exception);
            }
        }
    }

    private void RunTimers()
    {
        if (!_timers.TryPeek(out _, out var due))
        {
            return;
        }

        // The alarm may ring a little early, since it goes by another clock: it is set again for what is not due yet.
        var mustSet = Interlocked.Exchange(ref _hasRung, 0) == 1;
        var now = _time.GetTimestamp();
        while (due <= now)
        {
            mustSet = true;
            Guarded(_timers.Dequeue().Run);
            if (!_timers.TryPeek(out _, out due))
            {
                return;
            }
        }

        if (mustSet)
        {
            SetAlarm(due);
        }
    }

    private void SetAlarm(long due)
    {
        var left = _time.GetElapsedTime(_time.GetTimestamp(), due);

        // Timers count whole milliseconds; rounded up, or the alarm would ring before anything is due.
        _alarm.Change(TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(left.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }

    private void Ring()
    {
        Volatile.Write(ref _hasRung, 1);
        Wake();
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _awake, 1) == 0)
        {
            Poller.Wake();
        }
    }

    // What goes wrong with one of them must not end the others'.
    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            Log.Failed(_logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "A step of a delivery loop failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
