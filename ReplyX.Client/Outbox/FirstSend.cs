namespace ReplyX.Client;

/// <summary>The moment that a message first went out.</summary>
/// <param name="Timestamp">By the clock that only runs forward.</param>
/// <param name="Time">By the calendar, which goes on while the machine sleeps.</param>
/// <param name="Seq">The last event known then: the message can only stand behind it.</param>
internal readonly record struct FirstSend(long Timestamp, DateTimeOffset Time, long Seq);
