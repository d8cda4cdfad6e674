namespace ReplyX.Client;

/// <summary>The moment at which a message was first sent.</summary>
/// <param name="Timestamp">By the monotonic clock.</param>
/// <param name="Time">By the wall clock, which goes on while the machine sleeps.</param>
/// <param name="Seq">The last event known then. The message can only be after it.</param>
internal readonly record struct FirstSend(long Timestamp, DateTimeOffset Time, long Seq);
