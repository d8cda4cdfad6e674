namespace ReplyX.Messaging.Dialogs;

/// <summary>A message to append.</summary>
/// <param name="Key">What makes it happen once.</param>
/// <param name="Sender">Who speaks. Decided by the server from the credential, never by a visitor.</param>
/// <param name="Text">The text, stored as it is.</param>
/// <param name="Author">The speaker's display name, if it is shown.</param>
/// <param name="OperatorId">
/// The operator, if <paramref name="Sender"/> is a manager: while another one holds the dialog the message is refused.
/// </param>
/// <param name="ReplyTo">The number of the message that it answers, where that is known.</param>
public sealed record NewMessage(
    IdempotencyKey Key, Sender Sender, string Text, string? Author = null, string? OperatorId = null, long? ReplyTo = null);
