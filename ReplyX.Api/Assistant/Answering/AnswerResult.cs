using ReplyX.Messaging.Telemetry;

namespace ReplyX.Api.Assistant.Answering;

/// <summary>What came of a question.</summary>
/// <param name="Text">The answer; of a handover, what the model said to it, or empty for a sentence of ours.</param>
/// <param name="Handover">Why a human is to be asked; null if the question is answered.</param>
/// <param name="Failure">What failed, for metrics and logs; null if nothing did.</param>
internal readonly record struct AnswerResult(string Text, HandoverReason? Handover = null, AnswerFailure? Failure = null)
{
    public static AnswerResult Requested(string text = "") => new(text, HandoverReason.Requested);

    public static AnswerResult Failed(AnswerFailure failure) => new("", HandoverReason.Failed, failure);

    public static AnswerResult TimedOut(AnswerFailure failure) => new("", HandoverReason.Timeout, failure);
}

/// <summary>Why a human is asked for in the assistant's place.</summary>
internal enum HandoverReason
{
    /// <summary>The visitor wants one, or the model says that it cannot help.</summary>
    Requested,

    /// <summary>The assistant failed.</summary>
    Failed,

    /// <summary>It took too long.</summary>
    Timeout,
}

internal static class HandoverReasons
{
    /// <summary>Every reason as events and metrics name it, in the order of the values.</summary>
    public static readonly IReadOnlyList<string> Labels = EnumLabels.Of<HandoverReason>();

    public static string ToWire(this HandoverReason reason) => Labels[(int)reason];
}
