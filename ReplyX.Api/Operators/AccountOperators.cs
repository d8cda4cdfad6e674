namespace ReplyX.Api.Operators;

/// <summary>An account's operators, by login.</summary>
internal sealed record AccountOperators(IReadOnlyList<AccountOperator> Items);
