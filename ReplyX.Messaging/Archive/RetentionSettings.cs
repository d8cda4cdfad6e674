using System.Globalization;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Redis;

namespace ReplyX.Messaging.Archive;

/// <summary>
/// How long each account's archived events are kept. All methods throw <see cref="MessagingUnavailableException"/> when Redis does
/// not answer.
/// </summary>
public sealed class RetentionSettings
{
    private const string Ever = "ever";

    private readonly RedisGateway _redis;
    private readonly TimeSpan? _default;

    internal RetentionSettings(RedisGateway redis, IOptions<ArchiveOptions> options)
    {
        _redis = redis;
        _default = options.Value.Retention;
    }

    /// <summary>How old an account's archived events grow: its own setting or the default.</summary>
    /// <param name="account">The account.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The age; null for ever.</returns>
    public async Task<TimeSpan?> GetAsync(string account, CancellationToken cancellationToken)
    {
        string? value = await _redis.ExecuteAsync(
            database => database.StringGetAsync(RedisKeys.Retention(account)), cancellationToken);
        return value switch
        {
            null => _default,
            Ever => null,
            _ => TimeSpan.FromSeconds(long.Parse(value, CultureInfo.InvariantCulture)),
        };
    }

    /// <summary>Sets an account's own retention. The next sweep goes by it.</summary>
    /// <param name="account">The account.</param>
    /// <param name="age">The age in whole seconds, at least one; null for ever.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ArgumentOutOfRangeException">The age is shorter than a second.</exception>
    public Task SetAsync(string account, TimeSpan? age, CancellationToken cancellationToken)
    {
        var value = ToValue(age);
        return _redis.ExecuteAsync(database => database.StringSetAsync(RedisKeys.Retention(account), value), cancellationToken);
    }

    /// <summary>Takes an account's own setting away: the default counts again.</summary>
    /// <param name="account">The account.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task ResetAsync(string account, CancellationToken cancellationToken) =>
        _redis.ExecuteAsync(database => database.KeyDeleteAsync(RedisKeys.Retention(account)), cancellationToken);

    /// <summary>A setting as it is stored.</summary>
    internal static string ToValue(TimeSpan? age)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(age ?? TimeSpan.MaxValue, TimeSpan.FromSeconds(1), nameof(age));
        return age is { } limit ? ((long)limit.TotalSeconds).ToString(CultureInfo.InvariantCulture) : Ever;
    }
}
