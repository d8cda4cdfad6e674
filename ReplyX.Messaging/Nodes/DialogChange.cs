using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Nodes;

/// <summary>A dialog that got its first socket of a pool on a node, or lost its last.</summary>
/// <param name="Pool">The pool's name.</param>
/// <param name="Dialog">The dialog.</param>
/// <param name="Added">Whether it got its first.</param>
public readonly record struct DialogChange(string Pool, StreamKey Dialog, bool Added);
