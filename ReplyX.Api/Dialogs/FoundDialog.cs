using System.Diagnostics.CodeAnalysis;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Api.Dialogs;

/// <summary>The dialog that a caller may access, or the problem to answer with.</summary>
internal sealed class FoundDialog
{
    private FoundDialog(Dialog? dialog, Problem? refusal) => (Dialog, Refusal) = (dialog, refusal);

    public static FoundDialog None { get; } = new(null, Problem.DialogNotFound);

    public Dialog? Dialog { get; }

    public Problem? Refusal { get; }

    [MemberNotNullWhen(true, nameof(Dialog))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsThere => Dialog is not null;

    public static FoundDialog Of(Dialog? dialog) => dialog is null ? None : new(dialog, null);

    public static FoundDialog Refused(Problem problem) => new(null, problem);
}
