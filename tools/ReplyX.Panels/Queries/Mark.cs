namespace ReplyX.Panels.Queries;

/// <summary>Something that happened: an annotation of a dashboard.</summary>
/// <param name="Title">What the legend calls it.</param>
/// <param name="Text">More about it, or empty.</param>
/// <param name="Color">As the dashboard has it.</param>
/// <param name="From">When it began, in seconds since 1970.</param>
/// <param name="To">When it ended; the same for an instant.</param>
internal sealed record Mark(string Title, string Text, string? Color, double From, double To)
{
    public bool IsPeriod => To > From;
}
