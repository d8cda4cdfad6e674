namespace ReplyX.Messaging.Tests.Data;

/// <summary>The same, of dialogs that are spread.</summary>
public sealed class SpreadAccountErasureTests : AccountErasureTests
{
    private protected override bool IsSpread => true;
}
