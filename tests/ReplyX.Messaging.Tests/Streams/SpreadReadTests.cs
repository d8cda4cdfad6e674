namespace ReplyX.Messaging.Tests.Streams;

/// <summary>The same, of dialogs that are spread.</summary>
public sealed class SpreadReadTests : ReadTests
{
    private protected override bool IsSpread => true;
}
