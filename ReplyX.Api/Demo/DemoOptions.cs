using System.ComponentModel.DataAnnotations;

namespace ReplyX.Api.Demo;

/// <summary>The demo account of development. Bound from <c>Demo</c>.</summary>
internal sealed class DemoOptions
{
    public const string Section = "Demo";

    /// <summary>The password of both operators.</summary>
    [Required]
    [MinLength(8)]
    public string OperatorPassword { get; set; } = "";

    /// <summary>How long a start waits for Redis. Default half a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);
}
