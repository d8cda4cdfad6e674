namespace ReplyX.Messaging.Tests.Assistants;

/// <summary>The same, of dialogs that are spread.</summary>
public sealed class SpreadAssistantWorkTests : AssistantWorkTests
{
    private protected override bool IsSpread => true;
}
