namespace ReplyX.Validation;

/// <summary>What a check found.</summary>
/// <param name="Faults">What is wrong.</param>
/// <param name="Seen">What it looked at, in short: a check that looks at nothing finds no fault.</param>
internal sealed record Verdict(IReadOnlyList<Fault> Faults, string Seen);
