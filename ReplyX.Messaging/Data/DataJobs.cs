using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Tokens;
using StackExchange.Redis;

namespace ReplyX.Messaging.Data;

/// <summary>
/// An account's exports and erasures: what is started here a worker of any process does. All methods throw
/// <see cref="MessagingUnavailableException"/> when Redis does not answer.
/// </summary>
public sealed partial class DataJobs
{
    /// <summary>How many jobs a list shows, the newest.</summary>
    public const int MostListed = 100;

    /// <summary>
    /// How many exports of an account may be under way at a time. Erasures have no limit: nobody is to be kept because there are others.
    /// </summary>
    public const int MostOpenExports = 100;

    private const string SecretKind = "rxd";
    private const int IdBytes = 8;

    private static readonly RedisScript _finish = RedisScript.Load("Data.finish");

    private readonly AccountWriter _writer;
    private readonly AuditLog _audit;
    private readonly RedisGateway _redis;
    private readonly TimeProvider _time;
    private readonly DataOptions _options;
    private readonly TokenOptions _tokens;

    internal DataJobs(AccountWriter writer, AuditLog audit, TimeProvider time, IOptions<DataOptions> options, IOptions<TokenOptions> tokens)
    {
        _writer = writer;
        _audit = audit;
        _redis = writer.Redis;
        _time = time;
        _options = options.Value;
        _tokens = tokens.Value;
    }

    /// <summary>
    /// Starts a job. The same one that has not ended is returned as it is. With the start of an account's erasure its operators, sites and
    /// invitations are gone: nobody signs in, and no visitor starts a dialog. With that of a visitor's their token begins nothing any more.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="kind">What to do.</param>
    /// <param name="visitorId">The visitor; null for the whole account.</param>
    /// <param name="by">Who starts it, an owner.</param>
    /// <param name="cancellationToken">Gives up waiting; it may be started all the same.</param>
    public async Task<AccountResult<StartedDataJob>> StartAsync(
        string account, DataJobKind kind, string? visitorId, Actor by, CancellationToken cancellationToken)
    {
        var subject = visitorId is null ? DataJobSubject.Account : DataJobSubject.Visitor;
        var erasesAccount = kind == DataJobKind.Erasure && visitorId is null;
        var id = "d" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var secret = erasesAccount ? AccountSecret.Create(SecretKind, account, id) : null;
        var job = new DataJob(account, id, kind, subject, visitorId, DataJobState.Waiting, 0, 0, _time.GetUtcNow())
        {
            By = erasesAccount ? null : by.Id,
            SecretHash = secret?.Hash,
            OpenField = FieldOf(kind, visitorId),
        };
        var open = RedisKeys.OpenDataJobs(account);

        // Before the job, or no worker would look for it.
        await NoteAccountAsync(account, cancellationToken);
        return await _writer.WriteAsync<AccountResult<StartedDataJob>>(
            account,
            async () =>
            {
                var (refusal, stillOwner) = await _writer.CheckOwnerAsync(account, by, cancellationToken);
                if (refusal is { } why)
                {
                    return new(why);
                }

                var known = await _writer.ReadAsync(open, job.OpenField, cancellationToken);
                if (!known.IsNull && await FindAsync(account, (string)known!, cancellationToken) is { State: DataJobState.Waiting or DataJobState.Running } same)
                {
                    return new(new StartedDataJob(same, IsNew: false, Secret: null));
                }

                var others = await _redis.ExecuteAsync(database => database.HashKeysAsync(open), cancellationToken);
                var erasures = others.Count(field => !IsOfExport(field));
                if (kind == DataJobKind.Export && others.Length - erasures >= MostOpenExports)
                {
                    return new(AccountOutcome.LimitReached);
                }

                return new(
                    new StartedDataJob(job, IsNew: true, secret?.Text),
                    transaction =>
                    {
                        transaction.Require(stillOwner);
                        transaction.AddCondition(known.IsNull
                            ? Condition.HashNotExists(open, job.OpenField)
                            : Condition.HashEqual(open, job.OpenField, known));
                        _ = transaction.HashSetAsync(RedisKeys.DataJob(account, id), DataJobRecord.Write(job));
                        _ = transaction.HashSetAsync(open, job.OpenField, id);
                        if (erasesAccount)
                        {
                            CloseIn(transaction, account);
                            return;
                        }

                        if (kind == DataJobKind.Export)
                        {
                            transaction.AddCondition(Condition.HashLengthLessThan(open, MostOpenExports + erasures));
                        }
                        else
                        {
                            _ = MarkErasedAsync(transaction, account, visitorId!);
                        }

                        _ = transaction.SortedSetAddAsync(RedisKeys.DataJobs(account), id, job.CreatedAt.ToUnixTimeMilliseconds());

                        // Not of whom: an entry would outlive them.
                        var action = kind == DataJobKind.Export ? "data.export" : "data.erase";
                        _audit.AddIn(transaction, account, by, action, new AuditTarget("data_job", id, DataJobRecord.Word(subject)), []);
                    },
                    TakesBack: erasesAccount);
            },
            cancellationToken);
    }

    /// <summary>Lets an account be made by the id that an erased one had, as seeding does: visitors may start dialogs in it again.</summary>
    /// <param name="account">The account.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether it may be made; not while its erasure is under way, which would delete what is made.</returns>
    public async Task<bool> TryReopenAsync(string account, CancellationToken cancellationToken)
    {
        var (open, field) = (RedisKeys.OpenDataJobs(account), FieldOf(DataJobKind.Erasure, visitorId: null));
        while (true)
        {
            if (await _redis.ExecuteAsync(database => database.HashExistsAsync(open, field), cancellationToken))
            {
                return false;
            }

            // The library says that a condition does not hold also if Redis did not say: so it is asked for again.
            var isOpen = await _redis.ExecuteAsync(
                database =>
                {
                    var transaction = database.CreateTransaction();
                    transaction.AddCondition(Condition.HashNotExists(open, field));
                    _ = transaction.KeyDeleteAsync(RedisKeys.ErasedAccount(account));
                    return transaction.ExecuteAsync();
                },
                cancellationToken);
            if (isOpen)
            {
                return true;
            }
        }
    }

    /// <summary>Finds a job.</summary>
    /// <param name="account">The account.</param>
    /// <param name="id">The job's id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The job; null if there is none, or what is said to be its id is none.</returns>
    public async Task<DataJob?> FindAsync(string account, string id, CancellationToken cancellationToken)
    {
        // Keys of a job begin with its own: an id with more behind it would name another one.
        if (!Id().IsMatch(id))
        {
            return null;
        }

        var hash = await _redis.ExecuteAsync(database => database.HashGetAllAsync(RedisKeys.DataJob(account, id)), cancellationToken);
        return DataJobRecord.Read(account, id, DataJobRecord.ToFields(hash));
    }

    /// <summary>Finds the erasure of an account by its secret.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<DataJob?> FindAsync(string? secret, CancellationToken cancellationToken) =>
        AccountSecret.TryParse(SecretKind, secret) is { } known
        && await FindAsync(known.Account, known.Id, cancellationToken) is { } job
        && known.Matches(job.SecretHash)
            ? job
            : null;

    /// <summary>An account's latest jobs, the newest first.</summary>
    /// <param name="account">The account.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IReadOnlyList<DataJob>> ListAsync(string account, CancellationToken cancellationToken)
    {
        var key = RedisKeys.DataJobs(account);
        var ids = await _redis.ExecuteAsync(
            database => database.SortedSetRangeByRankAsync(key, 0, MostListed - 1, Order.Descending), cancellationToken);
        var hashes = await _redis.ExecuteAsync(
            database => Task.WhenAll(ids.Select(id => database.HashGetAllAsync(RedisKeys.DataJob(account, (string)id!)))), cancellationToken);
        RedisValue[] forgotten = [.. ids.Where((_, i) => hashes[i].Length == 0)];
        if (forgotten.Length > 0)
        {
            await _redis.ExecuteAsync(database => database.SortedSetRemoveAsync(key, forgotten), cancellationToken);
        }

        return [.. ids.Zip(hashes, (id, hash) => DataJobRecord.Read(account, (string)id!, DataJobRecord.ToFields(hash))).OfType<DataJob>()];
    }

    /// <summary>Reads an export's result, part by part.</summary>
    /// <param name="job">The job, which is done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Pieces of one JSON document in UTF-8.</returns>
    /// <exception cref="InvalidOperationException">It has run out, or was deleted, while it was read.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadResultAsync(DataJob job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var number = 0L; number < job.Parts; number++)
        {
            var key = RedisKeys.DataJobPart(job.Account, job.Id, number);
            var part = (byte[]?)await _redis.ExecuteAsync(database => database.StringGetAsync(key), cancellationToken)
                ?? throw new InvalidOperationException("The result is gone.");
            yield return Decompress(part);
        }
    }

    /// <summary>A part of a result as it is stored: its length, and then itself compressed.</summary>
    internal static byte[] Compress(ReadOnlySpan<byte> part)
    {
        const int Quality = 5;
        const int WindowBits = 22;
        var bytes = new byte[sizeof(int) + BrotliEncoder.GetMaxCompressedLength(part.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, part.Length);
        return BrotliEncoder.TryCompress(part, bytes.AsSpan(sizeof(int)), out var length, Quality, WindowBits)
            ? bytes[..(sizeof(int) + length)]
            : throw new InvalidOperationException($"Brotli wrote more than its maximum for {part.Length} bytes.");
    }

    internal static byte[] Decompress(ReadOnlySpan<byte> bytes)
    {
        var part = new byte[BinaryPrimitives.ReadInt32LittleEndian(bytes)];
        return BrotliDecoder.TryDecompress(bytes[sizeof(int)..], part, out var written) && written == part.Length
            ? part
            : throw new InvalidDataException("A part of a result is damaged.");
    }

    /// <summary>Takes back exports that have, or would have, the data of somebody who is erased.</summary>
    /// <param name="account">The account.</param>
    /// <param name="takesBack">Which exports.</param>
    /// <param name="cancellationToken">Gives up waiting; a repeat finishes.</param>
    internal async Task TakeBackAsync(string account, Func<DataJob, bool> takesBack, CancellationToken cancellationToken)
    {
        var ids = await _redis.ExecuteAsync(database => database.SortedSetRangeByRankAsync(RedisKeys.DataJobs(account)), cancellationToken);
        foreach (var id in ids.Select(id => (string)id!))
        {
            if (await FindAsync(account, id, cancellationToken) is not { Kind: DataJobKind.Export } job)
            {
                continue;
            }

            // One that was taken back by a worker that ended before it had deleted the result does not tell of whom it was.
            if (job.Failure == DataJobFailure.Erased)
            {
                await DeleteResultAsync(account, id, cancellationToken);
                continue;
            }

            if (!takesBack(job))
            {
                continue;
            }

            // From then on its worker, if it has one, stores no part.
            await _redis.EvaluateNumberAsync(
                _finish,
                [RedisKeys.DataJob(account, id), RedisKeys.OpenDataJobs(account), RedisKeys.DataJobDialogs(account, id)],
                [
                    "",
                    job.OpenField,
                    id,
                    (long)_options.JobLifetime.TotalSeconds,
                    .. Count([.. DataJobRecord.OfTheWorker, DataJobRecord.Expires]),
                    .. DataJobRecord.NoVisitor,
                    DataJobRecord.State,
                    DataJobRecord.Word(DataJobState.Failed),
                    DataJobRecord.Reason,
                    DataJobRecord.Word(DataJobFailure.Erased),
                    DataJobRecord.Ended,
                    _time.GetUtcNow().ToUnixTimeMilliseconds(),
                ],
                cancellationToken);
            await DeleteResultAsync(account, id, cancellationToken);
        }
    }

    /// <summary>Deletes a result, and what a script that was torn has stored beyond it.</summary>
    internal async Task DeleteResultAsync(string account, string id, CancellationToken cancellationToken)
    {
        var parts = (await FindAsync(account, id, cancellationToken))?.Parts ?? 0;
        for (var number = 0L; number <= parts; number++)
        {
            var key = RedisKeys.DataJobPart(account, id, number);
            await _redis.ExecuteAsync(database => database.KeyDeleteAsync(key), cancellationToken);
        }
    }

    /// <summary>How many there are, and they, as finish.lua takes them.</summary>
    internal static IEnumerable<RedisValue> Count(IReadOnlyList<string> fields) => [fields.Count, .. fields.Select(field => (RedisValue)field)];

    /// <summary>Has the workers look at the account's jobs.</summary>
    internal Task<bool> NoteAccountAsync(string account, CancellationToken cancellationToken) => _redis.ExecuteAsync(
        database => database.SortedSetAddAsync(RedisKeys.DataAccounts, account, _time.GetUtcNow().ToUnixTimeMilliseconds()), cancellationToken);

    [GeneratedRegex("\\Ad[0-9a-f]{16}\\z")]
    private static partial Regex Id();

    /// <summary>Whether a field among an account's open jobs is an export's.</summary>
    internal static bool IsOfExport(RedisValue field) => ((string?)field)?.StartsWith(DataJobRecord.Word(DataJobKind.Export) + " ", StringComparison.Ordinal) == true;

    /// <summary>From then on a token of the visitor's opens nothing, for as long as one can be good.</summary>
    internal Task MarkErasedAsync(IDatabaseAsync database, string account, string visitorId) => database.StringSetAsync(
        RedisKeys.ErasedGuest(account, visitorId), "1", _tokens.GuestLifetime + _tokens.ClockSkew + _options.SettleTime);

    private void CloseIn(ITransaction transaction, string account)
    {
        _ = transaction.StringSetAsync(RedisKeys.ErasedAccount(account), "1", _options.JobLifetime);
        _ = transaction.KeyDeleteAsync(
            [RedisKeys.Sites(account), RedisKeys.Operators(account), RedisKeys.Invitations(account), RedisKeys.OperatorsSeen(account)]);
    }

    // The visitor's id goes with the job, and not before.
    private static string FieldOf(DataJobKind kind, string? visitorId) => visitorId is null
        ? $"{DataJobRecord.Word(kind)} account"
        : $"{DataJobRecord.Word(kind)} visitor {RedisKeys.HashOf(visitorId)}";
}
