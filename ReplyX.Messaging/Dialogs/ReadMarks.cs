namespace ReplyX.Messaging.Dialogs;

/// <summary>How far each side of a dialog has read: the number of the last event; 0 for nothing.</summary>
/// <param name="User">The visitor.</param>
/// <param name="Manager">The team: whichever operator has read furthest.</param>
/// <param name="Assistant">The assistant.</param>
public readonly record struct ReadMarks(long User, long Manager, long Assistant)
{
    /// <summary>The sides that read.</summary>
    public static IReadOnlyList<Sender> Sides { get; } = [Sender.User, Sender.Manager, Sender.Assistant];

    /// <summary>The mark of one side.</summary>
    /// <param name="side">The side.</param>
    public long Of(Sender side) => side switch
    {
        Sender.User => User,
        Sender.Manager => Manager,
        Sender.Assistant => Assistant,
        _ => 0,
    };

    /// <summary>These marks, and one of them further on. No mark moves back.</summary>
    /// <param name="side">Whose mark.</param>
    /// <param name="seq">The last event read.</param>
    public ReadMarks With(Sender side, long seq) => side switch
    {
        Sender.User => this with { User = Math.Max(User, seq) },
        Sender.Manager => this with { Manager = Math.Max(Manager, seq) },
        Sender.Assistant => this with { Assistant = Math.Max(Assistant, seq) },
        _ => this,
    };
}
