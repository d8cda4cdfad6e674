namespace ReplyX.Api.Operators;

/// <summary>An operator as the console shows them.</summary>
internal sealed record OperatorView(string Id, string Name);
