namespace ReplyX.Client;

/// <summary>One thing that an audit found wrong.</summary>
/// <param name="Verdict">What kind of thing.</param>
/// <param name="What">In words, without the name of who got it.</param>
/// <param name="At">The place, among the events received, where it shows; null where it shows in none.</param>
/// <param name="Count">How often it happened.</param>
public sealed record DeliveryFinding(DeliveryVerdict Verdict, string What, int? At = null, long Count = 1);
