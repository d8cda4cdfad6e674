using ReplyX.Realtime.Protocol;

namespace ReplyX.Realtime.Delivery;

/// <summary>
/// Knows whether Redis answers, and tells every socket when it no longer does; they stay open. When it is heard again every dialog
/// reads on from its last event by itself.
/// </summary>
internal sealed partial class BackplaneWatch : IDisposable
{
    private readonly DeliveryLoops _loops;
    private readonly ILogger<BackplaneWatch> _logger;
    private readonly Lock _gate = new();
    private bool _isAnswered = true;
    private bool _wasHeard;
    private bool _isDown;

    public BackplaneWatch(DeliveryLoops loops, ILogger<BackplaneWatch> logger)
    {
        _loops = loops;
        _logger = logger;
        loops.FeedChanged += OnFeedChanged;
    }

    /// <summary>Whether Redis answers, and every loop hears it.</summary>
    public bool IsUp
    {
        get
        {
            lock (_gate)
            {
                return _isAnswered && _loops.AreConnected;
            }
        }
    }

    /// <summary>Takes note of an answer, or of none. The lease asks every second.</summary>
    public void Report(bool answered)
    {
        lock (_gate)
        {
            _isAnswered = answered;
            Judge();
        }
    }

    public void Dispose() => _loops.FeedChanged -= OnFeedChanged;

    private void OnFeedChanged(object? sender, EventArgs e)
    {
        lock (_gate)
        {
            Judge();
        }
    }

    // A node that has just begun has not lost what it never heard; and what is heard again counts at once, so that the next loss is told
    // however soon it comes.
    private void Judge()
    {
        var isHeard = _loops.AreConnected;
        _wasHeard |= isHeard;
        if (_isAnswered && isHeard)
        {
            if (_isDown)
            {
                _isDown = false;
                Log.Back(_logger);
            }
        }
        else if (!_isDown && (!_isAnswered || _wasHeard))
        {
            _isDown = true;

            // What was answered before the loss does not end it: the feeds may be back while commands still fail.
            _isAnswered = false;
            Log.Lost(_logger);
            var notice = ServerFrames.Error(ClientError.BackplaneLost);
            foreach (var loop in _loops.All)
            {
                loop.Post(() => loop.SendToAll(notice));
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Redis does not answer; sockets stay open, and checks of credentials pause")]
        public static partial void Lost(ILogger logger);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Redis answers again; every dialog reads on from its last event")]
        public static partial void Back(ILogger logger);
    }
}
