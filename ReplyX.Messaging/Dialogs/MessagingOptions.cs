using System.ComponentModel.DataAnnotations;

namespace ReplyX.Messaging.Dialogs;

/// <summary>What a message may be and how long things are kept. Bound from <c>Messaging</c>.</summary>
public sealed class MessagingOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Messaging";

    /// <summary>The longest text of a message, in UTF-16 code units. Default 8,000.</summary>
    [Range(1, 100_000)]
    public int MaxTextLength { get; set; } = 8_000;

    /// <summary>The most bytes that such a text has in JSON: six a code unit, when every one is escaped.</summary>
    public int MaxTextBytes => 6 * MaxTextLength;

    /// <summary>How long a dialog that no visitor wrote in is kept after the last visit, and what leads its guest to it. Default a day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan UnlistedLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long a guest's listed dialogs are found again after the last visit. Default a year.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan GuestLifetime { get; set; } = TimeSpan.FromDays(365);

    /// <summary>
    /// How long a send's idempotency key counts at least, as long as its event stands in the log (see <c>Archive:MinAge</c>): a send
    /// that is retried within this time is recognised. Clients know it (<c>KeyLifetime</c> in ReplyX.Client). Default an hour; less is
    /// for tests: only from an hour on do services with different values recognise each other's sends.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan KeyLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long after its start a process writes idempotency keys where the version before this one looks for them, too: while both
    /// run, in a deploy, a retry may come to either. Goes with the next version. Default an hour.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan DeployOverlap { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Whether new dialogs are spread: each is written by a cheap append of its own, anywhere in a Redis Cluster, and a projector writes
    /// its account's feed. Versions before this one do not find such dialogs, so that it is to be set only when nobody wants to go
    /// back to one. Dialogs that are there stay as they are. Default false.
    /// </summary>
    public bool SpreadDialogs { get; set; }

    /// <summary>
    /// How many replicas must have an append before it is acknowledged. Where they do not have it in time the outcome is unknown, as if
    /// Redis had not answered. Default 0: what the server itself has is acknowledged. docs/websocket/delivery.md says what each promises.
    /// </summary>
    [Range(0, 16)]
    public int Replicas { get; set; }

    /// <summary>How long replicas are waited for. Default 2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ReplicaTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether replicas must have it on their disks, and not only in memory. Needs WAITAOF, which Redis has from 7.2 on. Default no.</summary>
    public bool ReplicasOnDisk { get; set; }

    /// <summary>How many of the latest events an account's feed holds. Default 10,000.</summary>
    [Range(100, 1_000_000)]
    public int FeedLength { get; set; } = 10_000;

    /// <summary>
    /// The most bytes that one page of a stream carries, forward or backward; one event always fits. What a slow reader of the
    /// history holds is bounded by it. Default 256 KiB.
    /// </summary>
    [Range(16 * 1024, 4 * 1024 * 1024)]
    public int MaxPageBytes { get; set; } = 256 * 1024;
}
