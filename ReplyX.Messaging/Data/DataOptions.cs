using System.ComponentModel.DataAnnotations;

namespace ReplyX.Messaging.Data;

/// <summary>How exports and erasures work. Bound from <c>Data</c>.</summary>
public sealed class DataOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Data";

    /// <summary>How long the result of an export is kept. Default three days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan ResultLifetime { get; set; } = TimeSpan.FromDays(3);

    /// <summary>The most bytes that a result takes in Redis, compressed. One that would be larger fails. Default 256 MiB.</summary>
    [Range(1_024L, 64L * 1024 * 1024 * 1024)]
    public long MaxResultBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>
    /// How many bytes of JSON are stored as one part of a result, before compression; an element that has more makes its part longer.
    /// Default 256 KiB.
    /// </summary>
    [Range(1_024, 4 * 1024 * 1024)]
    public int PartBytes { get; set; } = 256 * 1024;

    /// <summary>How long a job that has ended is remembered; a result no longer than that. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan JobLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// After what time an erasure looks once more, for what a request or an archiver that was under way has written since. Longer than any
    /// of them takes. Default a minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan SettleTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>After what time another process goes on with the job of one that has ended amid it. Default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a process looks for jobs. Default 2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);
}
