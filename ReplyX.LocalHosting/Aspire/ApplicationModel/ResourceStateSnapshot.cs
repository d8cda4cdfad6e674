namespace Aspire.Hosting.ApplicationModel;

/// <summary>A state, as one of <see cref="KnownResourceStates"/>.</summary>
/// <param name="Text">The state.</param>
/// <param name="Style">How to show it; not used here.</param>
public sealed record ResourceStateSnapshot(string Text, string? Style);
