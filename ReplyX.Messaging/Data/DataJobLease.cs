using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Data;

/// <summary>A job in the hands of one worker. What it saves is where another goes on when it ends.</summary>
internal sealed class DataJobLease
{
    private static readonly RedisScript _save = RedisScript.Load("Data.save");
    private static readonly RedisScript _finish = RedisScript.Load("Data.finish");

    private readonly RedisGateway _redis;
    private readonly DataOptions _options;
    private readonly string _token;
    private readonly Dictionary<string, RedisValue> _fields;

    public DataJobLease(RedisGateway redis, DataOptions options, DataJob job, string token, Dictionary<string, RedisValue> fields)
    {
        _redis = redis;
        _options = options;
        _token = token;
        _fields = fields;
        Job = job;
    }

    /// <summary>The job as it was taken.</summary>
    public DataJob Job { get; }

    public string Account => Job.Account;

    public string Text(string field) => _fields.TryGetValue(field, out var value) ? (string?)value ?? "" : "";

    public long Number(string field) => _fields.TryGetValue(field, out var value) && value.TryParse(out long number) ? number : 0;

    /// <summary>Notes how far the job has come, and prolongs the lease.</summary>
    /// <exception cref="LeaseLostException">Another worker has it, or it was taken back.</exception>
    public Task SaveAsync(CancellationToken cancellationToken, params (string Field, RedisValue Value)[] changes) =>
        SaveAsync([RedisKeys.DataJob(Account, Job.Id)], "", 0, Milliseconds, changes, cancellationToken);

    /// <summary>Stores a part of the result, and notes what comes next.</summary>
    /// <exception cref="LeaseLostException">Another worker has it, or it was taken back.</exception>
    public Task SavePartAsync(long number, byte[] part, (string Field, RedisValue Value)[] changes, CancellationToken cancellationToken) => SaveAsync(
        [RedisKeys.DataJob(Account, Job.Id), RedisKeys.DataJobPart(Account, Job.Id, number)],
        part,
        (long)(_options.ResultLifetime + _options.JobLifetime).TotalSeconds,
        Milliseconds,
        changes,
        cancellationToken);

    /// <summary>Lets the job go until a time, and notes where to go on.</summary>
    /// <exception cref="LeaseLostException">Another worker has it, or it was taken back.</exception>
    public Task PauseAsync(DateTimeOffset until, CancellationToken cancellationToken, params (string Field, RedisValue Value)[] changes) => SaveAsync(
        [RedisKeys.DataJob(Account, Job.Id)], "", 0, 0, [.. changes, (DataJobRecord.Due, until.ToUnixTimeMilliseconds())], cancellationToken);

    /// <summary>Ends the job.</summary>
    /// <exception cref="LeaseLostException">Another worker has it, or it was taken back.</exception>
    public async Task FinishAsync(DateTimeOffset now, DataJobFailure? failure, CancellationToken cancellationToken, params (string Field, RedisValue Value)[] changes)
    {
        // Of a visitor who is erased, nothing; of one whose export is there, who they are.
        var forgetsVisitor = Job.Kind == DataJobKind.Erasure || failure is not null;
        var finished = await _redis.EvaluateNumberAsync(
            _finish,
            [RedisKeys.DataJob(Account, Job.Id), RedisKeys.OpenDataJobs(Account), RedisKeys.DataJobDialogs(Account, Job.Id)],
            [
                _token,
                Job.OpenField,
                Job.Id,
                (long)_options.JobLifetime.TotalSeconds,
                .. DataJobs.Count(DataJobRecord.OfTheWorker),
                DataJobRecord.State,
                DataJobRecord.Word(failure is null ? DataJobState.Done : DataJobState.Failed),
                DataJobRecord.Ended,
                now.ToUnixTimeMilliseconds(),
                .. forgetsVisitor ? DataJobRecord.NoVisitor : [],
                .. failure is { } why ? (RedisValue[])[DataJobRecord.Reason, DataJobRecord.Word(why)] : [],
                .. changes.SelectMany(change => (RedisValue[])[change.Field, change.Value]),
            ],
            cancellationToken);
        if (finished == 0)
        {
            throw new LeaseLostException();
        }
    }

    private long Milliseconds => (long)_options.Lease.TotalMilliseconds;

    private async Task SaveAsync(
        RedisKey[] keys,
        RedisValue part,
        long seconds,
        long lease,
        (string Field, RedisValue Value)[] changes,
        CancellationToken cancellationToken)
    {
        var saved = await _redis.EvaluateNumberAsync(
            _save,
            keys,
            [_token, lease, part, seconds, .. changes.SelectMany(change => (RedisValue[])[change.Field, change.Value])],
            cancellationToken);
        if (saved == 0)
        {
            throw new LeaseLostException();
        }

        foreach (var (field, value) in changes)
        {
            _fields[field] = value;
        }
    }
}

/// <summary>A worker has lost its job: it took too long and another has it, or the job was taken back.</summary>
internal sealed class LeaseLostException() : Exception("The job is somebody else's.");
