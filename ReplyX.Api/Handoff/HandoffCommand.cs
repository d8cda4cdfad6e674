namespace ReplyX.Api.Handoff;

/// <summary>What may come with a step. The key makes a retry take it once.</summary>
internal sealed record HandoffCommand(string? ClientId);
