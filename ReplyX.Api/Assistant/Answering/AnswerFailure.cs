namespace ReplyX.Api.Assistant.Answering;

/// <summary>
/// What failed where a question was not answered: every value of the label <c>reason</c>, which is the name in snake case. A new one
/// needs a line here and a word in docs/observability.md.
/// </summary>
internal enum AnswerFailure
{
    /// <summary>Other attempts at the same question ended without a result.</summary>
    Attempts,

    /// <summary>Another worker or an operator has the dialog now.</summary>
    GivenUp,

    FirstTextTimeout,
    Timeout,
    TooLong,
    CutOff,
    Filtered,
    Empty,
    KeyUnreadable,
    KeyRefused,
    EndpointRefused,
    EndpointError,
    RequestRefused,
    RateLimited,
    Unreachable,

    /// <summary>What came is no answer in the protocol.</summary>
    Garbage,

    Error,
}
