namespace ReplyX.Client;

public sealed partial class ReplyXConnection
{
    /// <summary>How long to wait before a message is repeated, where the server does not say it.</summary>
    private static readonly TimeSpan _defaultResend = TimeSpan.FromSeconds(1);

    /// <summary>Sends messages in order, as long as the socket is open.</summary>
    private async Task SendLoopAsync(LiveSocket socket, CancellationToken alive)
    {
        await WaitAsync(socket.Greeted, null, alive);
        if (!alive.IsCancellationRequested && Interlocked.Read(ref _readUpTo) is > 0 and var readUpTo)
        {
            await socket.SendAsync(ClientFrames.Read(readUpTo));
        }

        while (!alive.IsCancellationRequested)
        {
            var changed = _outbox.Changed;
            while (_outbox.TakeNext(_sequencer.Position?.Seq ?? 0) is { } entry)
            {
                if (entry.SentAt is null && !await ResolveExpiredKeyAsync(entry, alive))
                {
                    continue;
                }

                if (!await socket.SendAsync(entry.Frame))
                {
                    return;
                }
            }

            if (_outbox.IsAckOverdue(_options.AckTimeout))
            {
                socket.Abort(new SocketOutcome("a message was not answered in time"));
                return;
            }

            await WaitAsync(changed, _outbox.TimeUntilDue(_options.AckTimeout), alive);
        }
    }

    /// <summary>
    /// Looks in the history for a message whose key the server may no longer know. Messages behind it wait, which keeps their order.
    /// </summary>
    /// <returns>Whether it is to be sent again.</returns>
    private async Task<bool> ResolveExpiredKeyAsync(OutboxEntry entry, CancellationToken alive)
    {
        if (_search is null)
        {
            _outbox.FailExpired(entry);
            return false;
        }

        try
        {
            switch (await _search.FindAsync(entry, alive))
            {
                case (true, var cursor):
                    _outbox.Acknowledge(entry.ClientId, cursor, duplicate: true);
                    return false;
                case (false, _):
                    return _outbox.RestartSend(entry, _sequencer.Position?.Seq ?? 0);
                default:
                    _outbox.Postpone(entry.ClientId, _defaultResend);
                    return false;
            }
        }
        catch (OperationCanceledException) when (alive.IsCancellationRequested)
        {
            return false; // The next socket tries again.
        }
    }

    /// <summary>Sends heartbeats, and aborts the socket when nothing is received for too long.</summary>
    private async Task HeartbeatLoopAsync(LiveSocket socket, CancellationToken alive)
    {
        await WaitAsync(socket.Greeted, _options.ConnectTimeout, alive);
        if (!socket.Greeted.IsCompleted)
        {
            socket.Abort(new SocketOutcome("the server did not greet in time"));
            return;
        }

        var lastPing = _time.GetTimestamp();
        var ping = Task.FromResult(true);
        while (!alive.IsCancellationRequested)
        {
            var untilDead = _options.SilenceLimit - _time.GetElapsedTime(socket.LastReceived);
            if (untilDead <= TimeSpan.Zero && !socket.IsBusy)
            {
                socket.Abort(new SocketOutcome("the server fell silent"));
                return;
            }

            var untilPing = socket.HeartbeatInterval - _time.GetElapsedTime(lastPing);
            if (untilPing <= TimeSpan.Zero)
            {
                lastPing = _time.GetTimestamp();
                if (ping.IsCompleted)
                {
                    ping = socket.SendAsync(ClientFrames.Ping); // Not awaited: a write that hangs must not stop this loop.
                }

                continue;
            }

            await WaitAsync(null, untilDead > TimeSpan.Zero && untilDead < untilPing ? untilDead : untilPing, alive);
        }
    }

    /// <summary>Replaces the token on the open socket.</summary>
    private async Task RefreshAsync(LiveSocket socket, CancellationToken alive)
    {
        try
        {
            if (await _options.TokenProvider(TokenNeed.Expiring, alive) is { } token)
            {
                _token = token;
                await socket.SendAsync(ClientFrames.Refresh(token));
            }
        }
        catch (Exception e) // Any exception of the provider counts as temporary; without a new token the server closes with 4001.
        {
            if (!alive.IsCancellationRequested)
            {
                Log.NoToken(_logger, e.GetType().Name);
            }
        }
    }

    /// <summary>Handles an error that is about a message.</summary>
    /// <returns>Whether it was one of ours.</returns>
    private bool HandleSendError(string clientId, ServerFrame frame)
    {
        var code = frame.Code ?? "unknown";
        var wait = ServerFrameReader.Milliseconds(frame.RetryAfterMs);
        return wait is not null || code is "backplane_unavailable" or "rate_limited"
            ? _outbox.Postpone(clientId, wait ?? _defaultResend)
            : _outbox.Refuse(clientId, new SendError(code, frame.Message));
    }

    /// <summary>Waits for a task, a time or the end of the socket, whichever comes first, and does not throw.</summary>
    private async Task WaitAsync(Task? task, TimeSpan? time, CancellationToken alive)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(alive);
        var delay = Task.Delay(time ?? Timeout.InfiniteTimeSpan, _time, wait.Token);
        await Task.WhenAny(delay, task ?? delay);
        await wait.CancelAsync();
    }
}
