namespace ReplyX.Bench;

/// <summary>A measurement that cannot be taken; the message is for whoever runs it.</summary>
internal sealed class BenchException(string message) : Exception(message);
