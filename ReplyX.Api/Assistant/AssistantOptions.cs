using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ReplyX.Api.Assistant;

/// <summary>How this service answers for the sites' assistants. Bound from <c>Assistant</c>.</summary>
internal sealed class AssistantOptions
{
    public const string Section = "Assistant";

    /// <summary>
    /// Whether an endpoint may lie in the inner network. Owners of accounts choose endpoints, so this lets them reach whatever this
    /// service can: only for installations whose owners run the platform. Default no.
    /// </summary>
    public bool AllowPrivateEndpoints { get; set; }

    /// <summary>How many dialogs this instance answers at the same time.</summary>
    [Range(1, 4_096)]
    public int MaxAnswers { get; set; } = 32;

    /// <summary>How many of them may be one account's, so that a busy one does not keep the others waiting.</summary>
    [Range(1, 4_096)]
    public int MaxAnswersPerAccount { get; set; } = 8;

    /// <summary>How long a dialog is an instance's without a word from it. As long, and for the next sweep, it waits when the instance is killed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a lease is prolonged, and an answer that is not written yet notices that an operator took the dialog.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often work is looked for that nobody has told of.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often what was written since is streamed to the visitor.</summary>
    [Range(typeof(TimeSpan), "00:00:00.02", "00:00:10")]
    public TimeSpan DeltaInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the first word may take. The whole answer has the site's own limit.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan FirstTextTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How many instances may try one message before a human is asked: it may be what kills them.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>How long a dialog waits after an error of ours.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest answer, in UTF-16 code units. One that is longer is not cut: a human is asked.</summary>
    [Range(100, 100_000)]
    public int MaxAnswerLength { get; set; } = 4_000;

    /// <summary>The most bytes that an endpoint's response may have, of whatever they are.</summary>
    [Range(1_024, 256 * 1024 * 1024)]
    public int MaxResponseBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>How many of the latest messages the model is sent.</summary>
    [Range(1, 200)]
    public int HistoryMessages { get; set; } = 20;

    /// <summary>The most UTF-16 code units of them; of the question itself all are sent.</summary>
    [Range(0, 1_000_000)]
    public int HistoryLength { get; set; } = 16_000;

    /// <summary>How long a scripted assistant takes for a word, so that visitors see it write.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan ScriptedPace { get; set; } = TimeSpan.FromMilliseconds(20);
}

/// <summary>A lease that is prolonged too seldom would be lost by a worker that lives.</summary>
internal sealed class AssistantOptionsValidator : IValidateOptions<AssistantOptions>
{
    public ValidateOptionsResult Validate(string? name, AssistantOptions options) =>
        options.WatchInterval * 3 > options.Lease
            ? ValidateOptionsResult.Fail($"{AssistantOptions.Section}:Lease must be at least three times WatchInterval.")
            : ValidateOptionsResult.Success;
}
