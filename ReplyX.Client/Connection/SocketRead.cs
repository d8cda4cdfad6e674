namespace ReplyX.Client;

/// <summary>What came off a socket: a text frame, or its end.</summary>
internal readonly record struct SocketRead(ReadOnlyMemory<byte> Text, SocketOutcome? End);
