using System.Diagnostics.CodeAnalysis;

namespace ReplyX.Client;

/// <summary>What a call came to: a value, or a problem.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public sealed record ApiResult<T>
    where T : class
{
    /// <summary>The answer; null when there is a problem.</summary>
    public T? Value { get; init; }

    /// <summary>The problem; null when there is an answer.</summary>
    public ApiProblem? Problem { get; init; }

    /// <summary>The HTTP status of the last attempt; 0 when nothing answered.</summary>
    public int Status { get; init; }

    /// <summary>How many attempts it took.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Whether there is an answer.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool Succeeded => Value is not null;

    /// <summary>The answer, where a problem would be a fault of the program.</summary>
    /// <returns>The answer.</returns>
    /// <exception cref="ReplyXApiException">There is a problem.</exception>
    public T Require() => Value ?? throw new ReplyXApiException(Problem!);

    internal ApiResult<TOther> Select<TOther>(Func<T, TOther> map)
        where TOther : class
        => new() { Value = Value is null ? null : map(Value), Problem = Problem, Status = Status, Attempts = Attempts };
}
