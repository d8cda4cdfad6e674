using System.ComponentModel.DataAnnotations;

namespace ReplyX.Messaging.Archive;

/// <summary>What a dialog's log keeps, and what becomes of the rest. Bound from <c>Archive</c>.</summary>
public sealed class ArchiveOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Archive";

    /// <summary>Where new segments are stored. Default Redis.</summary>
    [EnumDataType(typeof(ArchiveStore))]
    public ArchiveStore Store { get; set; }

    /// <summary>
    /// The folder of segments in files: absolute, the same for all processes, of one ReplyX alone. Wherever it is set, segments are read from
    /// both stores, whichever of them <see cref="Store"/> names.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>How many of a dialog's latest events its log always keeps. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int WindowEvents { get; set; } = 1_000;

    /// <summary>How many events a segment holds, unless <see cref="SegmentBytes"/> seals it earlier. Default 256.</summary>
    [Range(1, 4_096)]
    public int SegmentEvents { get; set; } = 256;

    /// <summary>How many bytes of events a segment holds before compression; one event always fits. Default 256 KiB.</summary>
    [Range(1_024, 4 * 1024 * 1024)]
    public int SegmentBytes { get; set; } = 256 * 1024;

    /// <summary>
    /// How long an event stays in the log at least. Its idempotency key counts only while it does, so that this is no shorter
    /// than <c>Messaging:KeyLifetime</c>. 0 keeps the window and nothing else, and retries of what was trimmed are stored again.
    /// Default an hour.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan MinAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The length above which a log is trimmed whatever <see cref="MinAge"/> says, so that a flood cannot fill the memory.
    /// Default 20,000 events.
    /// </summary>
    [Range(2, 10_000_000)]
    public int MaxLogEvents { get; set; } = 20_000;

    /// <summary>
    /// How long after its last event a dialog is laid to rest: its log goes to the archive whole, until somebody writes in it again. No
    /// shorter than <c>Messaging:KeyLifetime</c>. Default 30 days; empty in configuration for never.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "36500.00:00:00")]
    public TimeSpan? IdleAfter { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How old archived events grow before they are deleted, and dialogs after their last event, for accounts without a setting of their
    /// own. Default 365 days; empty in configuration for ever.
    /// </summary>
    public TimeSpan? Retention { get; set; } = TimeSpan.FromDays(365);

    /// <summary>How often old segments and dialogs are looked for, idle dialogs, and logs that <see cref="MinAge"/> kept long. Default ten minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(10);
}
