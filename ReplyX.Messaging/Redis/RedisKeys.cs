using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Redis;

/// <summary>
/// Every key and channel in one place. What belongs to an account carries it as the hash tag; a spread dialog carries its partition's.
/// </summary>
internal static class RedisKeys
{
    public const string Assistants = "replyx:assistants";
    public const string Logins = "replyx:logins";
    public const string Bootstrap = "replyx:bootstrap";
    public const string Nodes = "replyx:nodes";
    public const string CredentialChannel = "replyx:credentials";
    public const string CredentialVersion = "replyx:credentials";

    // One hash tag, since one script writes both.
    public const string CredentialChanges = "replyx:{credentials}:changes";
    public const string CredentialChangesBegun = "replyx:{credentials}:begun";
    public const string ProjectionLease = "replyx:projection";
    public const string ArchiveAccounts = "replyx:archive:accounts";
    public const string ArchiveVolume = "replyx:archive:volume";
    public const string DataAccounts = "replyx:data:accounts";
    public const string AssistantSites = "replyx:assistant:sites";
    public const string AssistantChannel = "replyx:assistant:work";

    /// <summary>Where nobody listens: see <see cref="Replication.ReplicaWait"/>.</summary>
    public static ReadOnlySpan<byte> ReplicationChannel => "replyx:replicated"u8;

    public static RedisKey Dialog(StreamKey dialog) => Of(dialog, "");

    public static RedisKey Log(StreamKey stream) => stream.IsFeed ? Feed(stream.Account) : Of(stream, ":log");

    public static RedisKey IdempotencyKeys(StreamKey dialog, long bucket) =>
        Of(dialog, string.Create(CultureInfo.InvariantCulture, $":keys:{bucket}"));

    /// <summary>Where the version before the buckets has all keys of a dialog; append.lua says until when it is looked at.</summary>
    public static RedisKey FlatIdempotencyKeys(StreamKey dialog) => Of(dialog, ":keys");

    public static RedisKey ReadMarks(StreamKey dialog) => Of(dialog, ":read");

    /// <summary>Where a dialog's form at rest is put together: see rest.lua.</summary>
    public static RedisKey Resting(StreamKey dialog) => Of(dialog, ":resting");

    /// <summary>A dialog that has reached its age, while what leads to it is taken away: see expire.lua.</summary>
    public static RedisKey Going(StreamKey dialog) => Of(dialog, ":going");

    public static RedisKey Segments(StreamKey dialog) => Of(dialog, ":archive");

    public static RedisKey SegmentIndex(StreamKey dialog) => Of(dialog, ":archive:index");

    public static RedisKey SegmentsByAge(string account) => $"{{{account}}}:archive";

    public static RedisKey Retention(string account) => $"{{{account}}}:retention";

    public static RedisKey Feed(string account) => $"{{{account}}}:feed";

    /// <summary>What the projector has still to tell the accounts of a partition's dialogs.</summary>
    public static RedisKey Outbox(int partition) => $"{{{PartitionTag(partition)}}}:outbox";

    /// <summary>Up to which event the account's feed has each of its spread dialogs.</summary>
    public static RedisKey Projected(string account) => $"{{{account}}}:projected";

    /// <summary>Of which spread dialogs the visitor has a message that nobody has answered: see project.lua.</summary>
    public static RedisKey Asked(string account) => $"{{{account}}}:asked";

    public static RedisKey DialogIndex(string account) => $"{{{account}}}:dialogs";

    /// <summary>Up to which activity the account's dialogs were laid to rest.</summary>
    public static RedisKey RestedUpTo(string account) => $"{{{account}}}:dialogs:rested";

    public static RedisKey GuestDialogs(string account, string guestId) => $"{{{account}}}:guest:{guestId}:dialogs";

    /// <summary>The guest that a start made, so that its retry finds the same one.</summary>
    public static RedisKey StartedGuest(string account, string hash) => $"{{{account}}}:start:{hash}";

    /// <summary>Which <see cref="StartedGuest"/> leads to a guest, so that it can be erased with them.</summary>
    public static RedisKey GuestStart(string account, string guestId) => $"{{{account}}}:guest:{guestId}:start";

    /// <summary>Stands for a guest who was erased. It is named by a hash, so that the id itself is not kept.</summary>
    public static RedisKey ErasedGuest(string account, string guestId) => $"{{{account}}}:erased:{HashOf(guestId)}";

    /// <summary>Stands for an account that is erased, or is being erased.</summary>
    public static RedisKey ErasedAccount(string account) => $"{{{account}}}:erased";

    public static RedisKey OpenDialog(string account, DialogOwner owner) =>
        $"{{{account}}}:guest:{owner.GuestId}:open:{owner.SiteId}:{owner.Mode.ToWire()}";

    public static RedisKey QuickReplies(string account) => $"{{{account}}}:quick-replies";

    public static RedisKey Sites(string account) => $"{{{account}}}:sites";

    public static RedisKey AssistantSettings(string account) => $"{{{account}}}:assistants";

    public static RedisKey AssistantInbox(AssistantSite site) => $"{{{site.Account}}}:assistant:{site.SiteId}:inbox";

    public static RedisKey AssistantWork(AssistantSite site) => $"{{{site.Account}}}:assistant:{site.SiteId}:work";

    public static RedisKey AssistantJobs(AssistantSite site) => $"{{{site.Account}}}:assistant:{site.SiteId}:jobs";

    public static RedisKey Operators(string account) => $"{{{account}}}:operators";

    public static RedisKey Account(string account) => $"{{{account}}}:account";

    public static RedisKey OperatorsSeen(string account) => $"{{{account}}}:operators:seen";

    public static RedisKey Sessions(string account, string operatorId) => $"{{{account}}}:operator:{operatorId}:sessions";

    public static RedisKey Invitations(string account) => $"{{{account}}}:invitations";

    public static RedisKey Audit(string account) => $"{{{account}}}:audit";

    /// <summary>An account's exports and erasures by the time of their start.</summary>
    public static RedisKey DataJobs(string account) => $"{{{account}}}:data:jobs";

    /// <summary>Those that have not ended, by what they do to whom.</summary>
    public static RedisKey OpenDataJobs(string account) => $"{{{account}}}:data:open";

    public static RedisKey DataJob(string account, string jobId) => $"{{{account}}}:data:job:{jobId}";

    /// <summary>The dialogs that a job goes through.</summary>
    public static RedisKey DataJobDialogs(string account, string jobId) => $"{{{account}}}:data:job:{jobId}:dialogs";

    /// <summary>A part of an export's result.</summary>
    public static RedisKey DataJobPart(string account, string jobId, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{{{account}}}:data:job:{jobId}:part:{number}");

    public static RedisKey CredentialNotes(string account) => $"{{{account}}}:credentials";

    public static RedisKey Node(string nodeId) => $"replyx:node:{nodeId}";

    public static RedisKey NodeDialogs(string nodeId) => $"replyx:node:{nodeId}:dialogs";

    public static string ChannelName(StreamKey stream) =>
        stream.IsFeed ? $"{{{stream.Account}}}:feed" : (string)Of(stream, "")!;

    /// <summary>What stands for a visitor's id where the id itself must not be kept: ids are random, so that nobody finds one by its hash.</summary>
    public static string HashOf(string guestId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(guestId)).AsSpan(0, 16));

    /// <summary>What SCAN finds all keys of an account by.</summary>
    /// <param name="account">The account, with what Redis takes for a pattern escaped.</param>
    public static IReadOnlyList<string> PatternsOf(string account) => [$"{{{account}}}:*", $"{{/*}}:{account}:dialog:[0-9]*"];

    private static RedisKey Of(StreamKey dialog, string suffix) => dialog.IsSpread
        ? string.Create(CultureInfo.InvariantCulture, $"{{{PartitionTag(dialog.Partition)}}}:{dialog.Account}:dialog:{dialog.DialogId}{suffix}")
        : string.Create(CultureInfo.InvariantCulture, $"{{{dialog.Account}}}:dialog:{dialog.DialogId}{suffix}");

    // Not a name that an account may have, so that no account shares its slot's tag.
    private static string PartitionTag(int partition) => string.Create(CultureInfo.InvariantCulture, $"/{partition}");
}
