namespace ReplyX.Messaging.Tests.Dialogs;

/// <summary>The same, of dialogs that are spread.</summary>
public sealed class SpreadHandoffTests : HandoffTests
{
    private protected override bool IsSpread => true;
}
