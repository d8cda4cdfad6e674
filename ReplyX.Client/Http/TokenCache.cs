namespace ReplyX.Client;

/// <summary>Holds a token for any number of sockets and calls, and renews it once for all of them.</summary>
internal sealed class TokenCache(IssuedToken first, Func<IssuedToken, CancellationToken, Task<ApiResult<IssuedToken>>> renew, TimeProvider time)
{
    /// <summary>A token with less left than this is renewed before it is used: clocks differ and calls take time.</summary>
    private static readonly TimeSpan _margin = TimeSpan.FromSeconds(10);

    /// <summary>For how long a renewed token is not renewed again: sockets that learn of an expiry at the same time share one renewal.</summary>
    private static readonly TimeSpan _renewalReuse = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private IssuedToken _current = first;
    private long? _renewedAt;
    private Task<ApiResult<IssuedToken>>? _renewal;

    /// <summary>A token for a socket, as <see cref="TokenProvider"/> asks for it.</summary>
    internal async ValueTask<string?> GetAsync(TokenNeed need, CancellationToken cancellationToken)
    {
        Task<ApiResult<IssuedToken>> renewal;
        lock (_lock)
        {
            var runsOut = _current.ExpiresAt - time.GetUtcNow() < _margin;
            var isFresh = _renewedAt is { } at && time.GetElapsedTime(at) < _renewalReuse;
            if (isFresh || (need == TokenNeed.First && !runsOut))
            {
                return _current.Token;
            }

            renewal = _renewal ??= RenewAsync(_current);
        }

        var answer = await renewal.WaitAsync(cancellationToken);

        // A refusal is final. Without an answer this throws, and the connection asks again.
        return answer.Value is { } renewed ? renewed.Token
            : answer.Problem!.Status is 401 or 403 or 404 ? null
            : throw new ReplyXApiException(answer.Problem);
    }

    /// <summary>Replaces the token by one that was not got by renewal.</summary>
    internal void Replace(IssuedToken token)
    {
        lock (_lock)
        {
            _current = token;
            _renewedAt = time.GetTimestamp();
        }
    }

    /// <summary>Makes a call with the token, and once more with a new one if it was refused.</summary>
    internal async Task<ApiResult<T>> CallAsync<T>(
        Func<string, CancellationToken, Task<ApiResult<T>>> call, CancellationToken cancellationToken)
        where T : class
    {
        var token = await TryGetAsync(TokenNeed.First, cancellationToken);
        var answer = await call(token ?? _current.Token, cancellationToken);
        return answer.Status == 401 && await TryGetAsync(TokenNeed.Expired, cancellationToken) is { } renewed && renewed != token
            ? await call(renewed, cancellationToken)
            : answer;
    }

    /// <summary>Not cancellable, because several callers may wait for it. The Api client limits its time.</summary>
    private async Task<ApiResult<IssuedToken>> RenewAsync(IssuedToken old)
    {
        await Task.Yield(); // The caller holds the lock.
        ApiResult<IssuedToken>? answer = null;
        try
        {
            return answer = await renew(old, CancellationToken.None);
        }
        finally
        {
            lock (_lock)
            {
                _renewal = null;
                if (answer?.Value is { } renewed)
                {
                    _current = renewed;
                    _renewedAt = time.GetTimestamp();
                }
            }
        }
    }

    private async Task<string?> TryGetAsync(TokenNeed need, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(need, cancellationToken);
        }
        catch (ReplyXApiException)
        {
            return null; // The call itself will fail with the reason.
        }
    }
}
