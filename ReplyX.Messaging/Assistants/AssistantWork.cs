using System.Globalization;
using System.Security.Cryptography;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Assistants;

/// <summary>
/// Which dialogs wait for their site's assistant, and who answers them. What waits in a dialog stands in its log; here is only that
/// something does, since when, and until when somebody is at it: a worker that ends amid its work leaves a lease that runs out.
/// All methods throw <see cref="MessagingUnavailableException"/> when Redis does not answer.
/// </summary>
/// <remarks>
/// append.lua puts a message into the site's inbox, a list that stands only while the site has an assistant and whose first element is
/// always one that was taken. From there claim.lua makes it work: a sorted set of dialogs by the time from which they may be taken, and
/// a hash with each one's lease. Times are Redis' own, so that workers need not agree about theirs.
/// </remarks>
public sealed class AssistantWork
{
    /// <summary>An element of an inbox that stands for nothing, so that the list is there.</summary>
    internal const string NoWork = "-";

    private const int TokenBytes = 12;

    // The sites of one round of commands in a sweep.
    private const int SweepBatch = 256;

    private static readonly RedisScript _claim = RedisScript.Load("Assistants.claim");
    private static readonly RedisScript _hold = RedisScript.Load("Assistants.hold");
    private static readonly RedisScript _say = RedisScript.Load("Assistants.say");
    private static readonly RedisScript _settle = RedisScript.Load("Assistants.settle");
    private static readonly RedisScript _release = RedisScript.Load("Assistants.release");
    private static readonly RedisChannel _channel = RedisChannel.Literal(RedisKeys.AssistantChannel);

    private readonly RedisGateway _redis;
    private readonly AssistantDirectory _directory;

    internal AssistantWork(RedisGateway redis, AssistantDirectory directory)
    {
        _redis = redis;
        _directory = directory;
    }

    /// <summary>Hears of sites where something waits, as soon as it does. What is missed is found by <see cref="FindWaitingAsync"/>.</summary>
    /// <param name="heard">Called on a thread of the pool; must not wait.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task SubscribeAsync(Action<AssistantSite> heard, CancellationToken cancellationToken)
    {
        try
        {
            await _redis.Connection.GetSubscriber().SubscribeAsync(_channel, (_, message) =>
            {
                if (AssistantSite.Parse(message) is { } site)
                {
                    heard(site);
                }
            }).WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (RedisGateway.IsUnavailable(exception, cancellationToken))
        {
            throw new MessagingUnavailableException("Redis did not answer.", exception);
        }
    }

    /// <summary>Tells the workers that something waits. Nobody waits for it, and it may be lost.</summary>
    internal void Announce(AssistantSite site)
    {
        try
        {
            _redis.Connection.GetSubscriber().Publish(_channel, site.ToString(), CommandFlags.FireAndForget);
        }
        catch (Exception exception) when (RedisGateway.IsUnavailable(exception, CancellationToken.None))
        {
            // The sweeps find it.
        }
    }

    /// <summary>Sites where something may wait: what no publish has told, or what a worker has left.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IReadOnlyList<AssistantSite>> FindWaitingAsync(CancellationToken cancellationToken)
    {
        var waiting = new List<AssistantSite>();
        foreach (var sites in (await _directory.ListSitesAsync(cancellationToken)).Chunk(SweepBatch))
        {
            var counts = await _redis.ExecuteAsync(
                database => Task.WhenAll(sites.Select(async site =>
                {
                    var inbox = database.ListLengthAsync(RedisKeys.AssistantInbox(site));
                    var work = database.SortedSetLengthAsync(RedisKeys.AssistantWork(site));
                    return await inbox > 1 || await work > 0;
                })),
                cancellationToken);
            waiting.AddRange(sites.Where((_, i) => counts[i]));
        }

        return waiting;
    }

    /// <summary>Takes the dialog of a site that waits longest.</summary>
    /// <param name="site">The site.</param>
    /// <param name="duration">How long it is this worker's, unless that is prolonged.</param>
    /// <param name="cancellationToken">Gives up waiting; what was taken all the same is anybody's after <paramref name="duration"/>.</param>
    /// <returns>The dialog, or null if none waits.</returns>
    public async Task<AssistantLease?> ClaimAsync(AssistantSite site, TimeSpan duration, CancellationToken cancellationToken)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        var reply = await _redis.EvaluateAsync(
            _claim,
            [RedisKeys.AssistantInbox(site), RedisKeys.AssistantWork(site), RedisKeys.AssistantJobs(site)],
            [token, Milliseconds(duration)],
            cancellationToken);
        return reply switch
        {
            [] => null,
            [var dialog, var from, var attempt] => new AssistantLease(
                site, StreamKey.ForDialog(site.Account, (long)dialog), (long)from, (int)attempt, token),
            _ => throw RedisGateway.MismatchedReply(),
        };
    }

    /// <summary>
    /// Prolongs a lease and says something in the dialog that is not stored, in one: nothing is said by a worker that has lost its lease,
    /// and nothing after an operator took the dialog.
    /// </summary>
    /// <param name="lease">The lease.</param>
    /// <param name="duration">How long it is to last from now.</param>
    /// <param name="said">Events as JSON.</param>
    /// <param name="now">When they happened.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<LeaseState> HoldAsync(
        AssistantLease lease, TimeSpan duration, IReadOnlyList<ReadOnlyMemory<byte>> said, DateTimeOffset now, CancellationToken cancellationToken)
    {
        RedisValue[] arguments =
        [
            lease.Dialog.DialogId,
            lease.Token,
            Milliseconds(duration),
            RedisKeys.ChannelName(lease.Dialog),
            .. said.Select(payload => (RedisValue)LogEntry.Unstored(payload.Span, now, isDroppable: true)),
        ];
        RedisKey[] keys = [RedisKeys.AssistantWork(lease.Site), RedisKeys.AssistantJobs(lease.Site)];
        if (!lease.Dialog.IsSpread)
        {
            return ToState(await _redis.EvaluateNumberAsync(_hold, [.. keys, RedisKeys.Dialog(lease.Dialog)], arguments, cancellationToken));
        }

        // The lease is the site's, and who has the dialog is the dialog's: first the one, then the other, with what is to be said.
        var held = ToState(await _redis.EvaluateNumberAsync(_hold, keys, arguments[..4], cancellationToken));
        return held != LeaseState.Held
            ? held
            : ToState(await _redis.EvaluateNumberAsync(_say, [RedisKeys.Dialog(lease.Dialog)], arguments[3..], cancellationToken));
    }

    /// <summary>Notes how far a dialog is answered. If nothing was appended since it was read, the lease ends.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="seen">The last event that was read.</param>
    /// <param name="from">Where whoever takes it up next reads on from.</param>
    /// <param name="duration">How long the lease is to last from now, if it goes on.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<LeaseState> SettleAsync(
        AssistantLease lease, long seen, long from, TimeSpan duration, CancellationToken cancellationToken)
    {
        var state = await _redis.EvaluateNumberAsync(
            _settle,
            lease.Dialog.IsSpread
                ? [RedisKeys.AssistantWork(lease.Site), RedisKeys.AssistantJobs(lease.Site), RedisKeys.AssistantInbox(lease.Site)]
                :
                [
                    RedisKeys.AssistantWork(lease.Site),
                    RedisKeys.AssistantJobs(lease.Site),
                    RedisKeys.Log(lease.Dialog),
                    RedisKeys.Dialog(lease.Dialog),
                ],
            [lease.Dialog.DialogId, lease.Token, seen, from, Milliseconds(duration)],
            cancellationToken);
        return ToState(state);
    }

    /// <summary>Ends a lease early: the dialog waits again.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="delay">How long nobody is to take it.</param>
    /// <param name="counts">Whether this worker's attempt counts; not if it only had to end.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task ReleaseAsync(AssistantLease lease, TimeSpan delay, bool counts, CancellationToken cancellationToken)
    {
        await _redis.EvaluateNumberAsync(
            _release,
            [RedisKeys.AssistantWork(lease.Site), RedisKeys.AssistantJobs(lease.Site)],
            [lease.Dialog.DialogId, lease.Token, Milliseconds(delay), counts ? "0" : "1"],
            cancellationToken);
        if (delay == TimeSpan.Zero)
        {
            Announce(lease.Site);
        }
    }

    private static LeaseState ToState(long state) => state switch
    {
        0 => LeaseState.Lost,
        1 => LeaseState.Held,
        2 => LeaseState.TakenOver,
        3 => LeaseState.Done,
        _ => throw RedisGateway.MismatchedReply(),
    };

    private static string Milliseconds(TimeSpan duration) => ((long)duration.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
