namespace ReplyX.Messaging.Tests.Data;

/// <summary>The same, of dialogs that are spread.</summary>
public sealed class SpreadVisitorErasureTests : VisitorErasureTests
{
    private protected override bool IsSpread => true;
}
