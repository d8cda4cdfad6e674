namespace ReplyX.Api.Dialogs;

/// <summary>Starts a dialog in a widget.</summary>
internal sealed record StartWidgetDialog(string? AssistantId);
