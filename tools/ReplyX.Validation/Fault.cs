namespace ReplyX.Validation;

/// <summary>Something that is not as it has to be.</summary>
/// <param name="Message">What, in one line.</param>
/// <param name="Place">Where to look.</param>
internal sealed record Fault(string Message, Place Place);
