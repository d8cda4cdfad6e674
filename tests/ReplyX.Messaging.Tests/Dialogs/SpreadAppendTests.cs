namespace ReplyX.Messaging.Tests.Dialogs;

/// <summary>The same, of dialogs that are spread.</summary>
public sealed class SpreadAppendTests : AppendTests
{
    private protected override bool IsSpread => true;
}
