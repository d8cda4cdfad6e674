using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ReplyX.Messaging.Redis;

/// <summary>
/// Looks once a second who the masters of a Redis Cluster are, and whether they answer. Whoever listens on one of them hears what is
/// published on all, by way of the cluster's own bus, and not that another one was lost: what that one published last, or has published
/// alone, is known only by its successor's log. Where there is no cluster it does nothing.
/// </summary>
public sealed partial class ClusterWatch : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    private readonly RedisGateway _redis;
    private readonly TimeProvider _time;
    private readonly ILogger<ClusterWatch> _logger;
    private string? _seen;
    private bool _isShaken;

    internal ClusterWatch(RedisGateway redis, TimeProvider time, ILogger<ClusterWatch> logger)
    {
        _redis = redis;
        _time = time;
        _logger = logger;
    }

    /// <summary>
    /// Raised when a master was lost, has come back, or is another one, and once more a second later: a master that was only stopped may
    /// publish for a moment before it learns that it has been replaced.
    /// </summary>
    public event EventHandler? Changed;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _redis.Connection.ConnectionFailed += OnConnection;
        _redis.Connection.ConnectionRestored += OnConnection;
        try
        {
            using var timer = new PeriodicTimer(_interval, _time);
            var isRepeated = false;
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                isRepeated = await LookAsync(isRepeated);
            }
        }
        finally
        {
            _redis.Connection.ConnectionFailed -= OnConnection;
            _redis.Connection.ConnectionRestored -= OnConnection;
        }
    }

    private async Task<bool> LookAsync(bool isRepeated)
    {
        try
        {
            if (!_redis.IsCluster)
            {
                return false;
            }

            var hasChanged = await HasChangedAsync() | Interlocked.Exchange(ref _isShaken, false);
            if (hasChanged || isRepeated)
            {
                _redis.LookAnew();
                Changed?.Invoke(this, EventArgs.Empty);
            }

            return hasChanged;
        }
        catch (Exception exception)
        {
            // It must not end with one look that went wrong, and a process not with it.
            Log.Failed(_logger, exception);
            return true;
        }
    }

    // What was published while it was away was not heard, whether it has kept its place or not.
    private void OnConnection(object? sender, ConnectionFailedEventArgs e)
    {
        if (e.ConnectionType == ConnectionType.Interactive)
        {
            Volatile.Write(ref _isShaken, true);
        }
    }

    private async Task<bool> HasChangedAsync()
    {
        var standings = await Task.WhenAll(_redis.Connection.GetServers().Select(AskAsync));
        var now = string.Join('\n', standings.Order(StringComparer.Ordinal));
        if (now == _seen)
        {
            return false;
        }

        var isFirst = _seen is null;
        _seen = now;
        if (isFirst)
        {
            return false;
        }

        Log.Changed(_logger, now.ReplaceLineEndings(", "));
        return true;
    }

    // What a server says itself, not what others say of it: one that was replaced and does not know it yet is still what it was.
    private async Task<string> AskAsync(IServer server)
    {
        try
        {
            var role = await server.RoleAsync().WaitAsync(_patience, _time);
            return $"{server.EndPoint} {role.Value}";
        }
        catch (Exception exception) when (exception is TimeoutException || RedisGateway.IsUnavailable(exception, CancellationToken.None))
        {
            return $"{server.EndPoint} silent";
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The members of the Redis Cluster have changed: {Members}")]
        public static partial void Changed(ILogger logger, string members);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The masters of the Redis Cluster could not be looked at")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
