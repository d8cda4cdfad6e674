namespace ReplyX.Client;

/// <summary>The result of a read: a text frame, or the end of the socket.</summary>
internal readonly record struct SocketRead(ReadOnlyMemory<byte> Text, SocketOutcome? End);
