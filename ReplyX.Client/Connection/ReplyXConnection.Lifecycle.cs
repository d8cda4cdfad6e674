using Microsoft.Extensions.Logging;

namespace ReplyX.Client;

public sealed partial class ReplyXConnection
{
    private string? _token;
    private TokenNeed _need;
    private bool _refusedFreshToken;

    private async Task RunAsync()
    {
        ConnectionEnd end;
        try
        {
            end = await OpenUntilFinalAsync();
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            end = new ConnectionEnd(ConnectionEndReason.ClosedByClient);
        }
        catch (Exception e) // Nobody awaits this task, so an exception must end the connection visibly.
        {
            Log.Failed(_logger, e);
            end = new ConnectionEnd(ConnectionEndReason.InternalError, Detail: e.GetType().Name);
        }

        Finish(end);
    }

    private async Task<ConnectionEnd> OpenUntilFinalAsync()
    {
        while (true)
        {
            var position = _sequencer.Position;
            var outcome = await RunSocketAsync();
            _closing.Token.ThrowIfCancellationRequested();
            if (outcome.Final is { } reason)
            {
                return new ConnectionEnd(reason, outcome.CloseCode, outcome.HttpStatus, outcome.Reason);
            }

            var wait = WaitBeforeNext(outcome, position);
            State = ConnectionState.Reconnecting;
            Log.Lost(_logger, _options.Url.AbsolutePath, outcome.Reason, wait.TotalMilliseconds);
            _events.TryWrite(new DisconnectedEvent
            {
                CloseCode = outcome.CloseCode,
                HttpStatus = outcome.HttpStatus,
                Reason = outcome.Reason,
                RetryIn = wait,
            });
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _time, _closing.Token);
            }
        }
    }

    /// <summary>One socket, from getting a token to its end.</summary>
    private async Task<SocketOutcome> RunSocketAsync()
    {
        if (await GetTokenAsync() is { } withoutToken)
        {
            return withoutToken;
        }

        var (opened, refusal) = await _opener.OpenAsync(_token!, _sequencer.Position, _closing.Token);
        if (opened is null)
        {
            return AfterRefusal(refusal!);
        }

        using var socket = opened;
        using var life = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        _events.TryEndOverrun();
        _outbox.BeginSocket();
        _socket = socket;
        if (_closing.IsCancellationRequested)
        {
            return new SocketOutcome("closed by this side"); // CloseAsync ran before it could see this socket.
        }

        var helpers = Task.WhenAll(HeartbeatLoopAsync(socket, life.Token), SendLoopAsync(socket, life.Token));
        try
        {
            return await ReceiveAsync(socket, life.Token);
        }
        finally
        {
            _socket = null;
            await life.CancelAsync();
            socket.Abort(new SocketOutcome("ended"));
            await helpers;
            await _refresh;
        }
    }

    /// <summary>
    /// A socket that was aborted in order to resume is replaced at once, as long as the reader makes progress; otherwise the backoff applies.
    /// </summary>
    private TimeSpan WaitBeforeNext(SocketOutcome outcome, EventCursor? positionBefore)
    {
        if (outcome.Resume && (_backoff.IsFresh || _sequencer.Position != positionBefore))
        {
            _backoff.Next();
            return TimeSpan.Zero;
        }

        var own = _backoff.Next();
        return outcome.RetryAfter > own ? outcome.RetryAfter.Value : own;
    }

    /// <summary>Gets a token if there is none.</summary>
    /// <returns>Null when there is one.</returns>
    private async Task<SocketOutcome?> GetTokenAsync()
    {
        if (_token is not null)
        {
            return null;
        }

        try
        {
            _token = await _options.TokenProvider(_need, _closing.Token);
        }
        catch (Exception e) when (!_closing.IsCancellationRequested) // Any exception of the provider counts as temporary, as documented.
        {
            Log.NoToken(_logger, e.GetType().Name);
            return new SocketOutcome("the token provider failed");
        }

        return _token is null
            ? new SocketOutcome("the token provider has no token") { Final = ConnectionEndReason.AuthenticationFailed }
            : null;
    }

    /// <summary>A token refused before the upgrade is renewed once; a fresh one refused as well is final.</summary>
    private SocketOutcome AfterRefusal(SocketOutcome refusal)
    {
        if (!refusal.TokenExpired)
        {
            return refusal;
        }

        if (_refusedFreshToken)
        {
            return refusal with { Final = ConnectionEndReason.AuthenticationFailed };
        }

        _refusedFreshToken = true;
        InvalidateToken();
        return refusal;
    }

    private void InvalidateToken()
    {
        _token = null;
        _need = TokenNeed.Expired;
    }

    private void Finish(ConnectionEnd end)
    {
        State = ConnectionState.Ended;
        Log.Ended(_logger, _options.Url.AbsolutePath, end.Reason);
        _outbox.Close();
        _completion.TrySetResult(end);
        _events.Complete();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Connected to {Path} on node {Node}, recovered: {Recovered}")]
        internal static partial void Connected(ILogger logger, string path, string? node, bool recovered);

        [LoggerMessage(2, LogLevel.Information, "Lost {Path}: {Reason}; next attempt in {WaitMs:F0} ms")]
        internal static partial void Lost(ILogger logger, string path, string reason, double waitMs);

        [LoggerMessage(3, LogLevel.Information, "The connection to {Path} ended: {Reason}")]
        internal static partial void Ended(ILogger logger, string path, ConnectionEndReason reason);

        [LoggerMessage(4, LogLevel.Error, "The connection failed")]
        internal static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(5, LogLevel.Warning, "The token provider failed with {Exception}")]
        internal static partial void NoToken(ILogger logger, string exception);

        [LoggerMessage(6, LogLevel.Warning, "Event {Seq} came after event {Position}; resuming to get what lies between")]
        internal static partial void Hole(ILogger logger, long seq, long position);

        [LoggerMessage(7, LogLevel.Warning, "Event {Seq} is not the one that had this number; resuming")]
        internal static partial void Conflict(ILogger logger, long seq);

        [LoggerMessage(8, LogLevel.Warning, "A frame of {Bytes} bytes could not be read")]
        internal static partial void Malformed(ILogger logger, int bytes);

        [LoggerMessage(9, LogLevel.Debug, "The reader of the events fell behind; resuming once it has caught up")]
        internal static partial void Overrun(ILogger logger);
    }
}
