namespace ReplyX.Realtime.Connections;

/// <summary>Events of a dialog, framed, that wait for a socket's replay.</summary>
/// <param name="Bytes">Their frames.</param>
/// <param name="FirstSeq">The first one's number; 0 for one that is not stored.</param>
/// <param name="Count">How many; their numbers follow one another.</param>
internal readonly record struct HeldEvents(ReadOnlyMemory<byte> Bytes, long FirstSeq, int Count);
