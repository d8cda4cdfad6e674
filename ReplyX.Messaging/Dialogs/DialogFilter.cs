using System.Collections.Frozen;
using System.Globalization;

namespace ReplyX.Messaging.Dialogs;

/// <summary>Which of an account's dialogs a list shows.</summary>
public sealed record DialogFilter
{
    /// <summary>All of them.</summary>
    public static DialogFilter All { get; } = new();

    /// <summary>By who is to act.</summary>
    public DialogState State { get; init; }

    /// <summary>The operator whose dialogs <see cref="DialogState.Mine"/> are.</summary>
    public string? OperatorId { get; init; }

    /// <summary>The sites whose assistants answer, for <see cref="DialogState.Assistant"/>.</summary>
    public IReadOnlySet<string> AssistedSites { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Those of one site only.</summary>
    public string? SiteId { get; init; }

    /// <summary>Those that have this text in the visitor's name, e-mail address or page, in the latest message, or as their id.</summary>
    public string? Text { get; init; }

    internal bool TakesAll => State == DialogState.All && SiteId is null && Text is null;

    internal bool Takes(Dialog dialog) =>
        IsInState(dialog) && (SiteId is null || dialog.SiteId == SiteId) && (Text is null || Has(dialog, Text));

    private bool IsInState(Dialog dialog) => State switch
    {
        DialogState.Waiting => dialog.WaitingSince is not null,
        DialogState.Mine => dialog.Handoff == HandoffState.Active && dialog.OperatorId == OperatorId,
        DialogState.Assistant => dialog.Handoff is HandoffState.None or HandoffState.Released or HandoffState.Cancelled
            && dialog.WaitingSince is null
            && AssistedSites.Contains(dialog.SiteId),
        DialogState.Closed => dialog.Handoff is HandoffState.Released or HandoffState.Cancelled,
        _ => true,
    };

    private static bool Has(Dialog dialog, string text)
    {
        return Contains(dialog.Visitor?.Name)
            || Contains(dialog.Visitor?.Email)
            || Contains(dialog.Page?.Url)
            || Contains(dialog.Page?.Title)
            || Contains(dialog.Last?.Preview)
            || dialog.Id.ToString(CultureInfo.InvariantCulture) == text;

        bool Contains(string? value) => value?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;
    }
}
