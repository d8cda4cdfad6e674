using System.Globalization;
using System.Text.Json;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Accounts;

/// <summary>
/// Who changed what in an account, the last <see cref="MostEntries"/> changes. All methods throw
/// <see cref="MessagingUnavailableException"/> when Redis does not answer.
/// </summary>
public sealed class AuditLog
{
    /// <summary>How many entries an account keeps. The oldest goes first.</summary>
    public const int MostEntries = 10_000;

    // Long enough to see what a text was about.
    internal const int MostCharacters = 200;

    private const int ScanStep = 500;

    private readonly RedisGateway _redis;
    private readonly TimeProvider _time;

    internal AuditLog(RedisGateway redis, TimeProvider time)
    {
        _redis = redis;
        _time = time;
    }

    /// <summary>Reads a stretch, newest first.</summary>
    /// <param name="account">The account.</param>
    /// <param name="before">The <see cref="AuditPage.Next"/> of the page before; null to begin.</param>
    /// <param name="most">The most to return.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The stretch; null if <paramref name="before"/> is none that was given out.</returns>
    public async Task<AuditPage?> ReadAsync(string account, string? before, int most, CancellationToken cancellationToken)
    {
        var start = 0;
        if (before is not null)
        {
            if (before.Split('.') is not [var index, { Length: > 0 } last]
                || !int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var from))
            {
                return null;
            }

            // New entries push the others back, so that the last one read stands where it stood or further on.
            if (await FindAsync(account, last, from, cancellationToken) is not { } found)
            {
                return new AuditPage([], null);
            }

            start = found + 1;
        }

        var read = await RangeAsync(account, start, most + 1, cancellationToken);
        AuditEntry[] items = [.. read.Take(most)];
        return new AuditPage(
            items,
            read.Count > most ? string.Create(CultureInfo.InvariantCulture, $"{start + most - 1}.{items[^1].Id}") : null);
    }

    /// <summary>Adds an entry in the transaction that makes the change.</summary>
    internal void AddIn(
        ITransaction transaction, string account, Actor actor, string action, AuditTarget target, IReadOnlyList<AuditDetail> details)
    {
        var entry = new AuditEntry(
            Guid.CreateVersion7().ToString("N"),
            _time.GetUtcNow(),
            actor,
            action,
            target,
            [.. details.Select(detail => detail with { From = Shorten(detail.From), To = Shorten(detail.To) })]);
        var key = RedisKeys.Audit(account);
        _ = transaction.ListLeftPushAsync(key, JsonSerializer.Serialize(entry, AccountsJson.Default.AuditEntry));
        _ = transaction.ListTrimAsync(key, 0, MostEntries - 1);
    }

    /// <summary>A change of one field; nothing if it is the same.</summary>
    internal static IEnumerable<AuditDetail> Changed(string field, string? from, string? to) =>
        from == to ? [] : [new AuditDetail(field, from, to)];

    private async Task<int?> FindAsync(string account, string id, int from, CancellationToken cancellationToken)
    {
        for (var start = from; start < MostEntries; start += ScanStep)
        {
            var read = await RangeAsync(account, start, ScanStep, cancellationToken);
            var found = read.FindIndex(entry => entry.Id == id);
            if (found >= 0)
            {
                return start + found;
            }

            if (read.Count < ScanStep)
            {
                break;
            }
        }

        return null;
    }

    private async Task<List<AuditEntry>> RangeAsync(string account, int start, int count, CancellationToken cancellationToken)
    {
        var values = await _redis.ExecuteAsync(
            database => database.ListRangeAsync(RedisKeys.Audit(account), start, start + count - 1), cancellationToken);
        return [.. values.Select(value => JsonSerializer.Deserialize((string)value!, AccountsJson.Default.AuditEntry)!)];
    }

    private static string? Shorten(string? text) => text?.Length > MostCharacters ? text[..(MostCharacters - 1)] + "…" : text;
}
