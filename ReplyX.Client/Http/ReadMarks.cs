namespace ReplyX.Client;

/// <summary>How far each side of a dialog has read: the number of the last event; 0 for nothing.</summary>
/// <param name="User">The visitor.</param>
/// <param name="Manager">The operators: whoever of them has read furthest.</param>
/// <param name="Assistant">The assistant.</param>
public sealed record ReadMarks(long User, long Manager, long Assistant);
