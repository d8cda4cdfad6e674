using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Messaging.Projection;

/// <summary>
/// An event that this process has just appended to a listed spread dialog, with what its append has seen: lists can be told of it without
/// asking Redis. If that is lost, its note in the outbox is not.
/// </summary>
/// <param name="Note">Its note.</param>
/// <param name="Before">The event that it was appended behind, as a mark names it.</param>
/// <param name="Owner">Whose dialog it is.</param>
/// <param name="Type">The event's type.</param>
/// <param name="Handoff">The handoff's state behind it, as it is called on the wire.</param>
/// <param name="ReadUpTo">Up to where the team has read.</param>
/// <param name="RequestedAt">Since when the visitor waits for an operator, where the state says that one does.</param>
/// <param name="Operator">Of a takeover, who has the dialog now.</param>
/// <param name="Text">The event in short: <see cref="EventText.FeedTail(string, Sender, string, DateTimeOffset)"/>.</param>
internal sealed record AppendedEvent(
    OutboxEntry Note,
    string Before,
    DialogOwner Owner,
    string Type,
    string Handoff,
    long ReadUpTo,
    string RequestedAt,
    (string Id, string Name)? Operator,
    ReadOnlyMemory<byte> Text)
{
    /// <summary>The site.</summary>
    public AssistantSite Site => new(Note.Dialog.Account, Owner.SiteId);
}
