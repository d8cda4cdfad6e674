namespace ReplyX.Messaging.Tests.Archive;

/// <summary>The same, of dialogs that are spread.</summary>
public sealed class SpreadIdleTests : IdleTests
{
    private protected override bool IsSpread => true;
}
