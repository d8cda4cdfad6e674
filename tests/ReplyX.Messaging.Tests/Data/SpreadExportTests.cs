namespace ReplyX.Messaging.Tests.Data;

/// <summary>The same, of dialogs that are spread.</summary>
public sealed class SpreadExportTests : ExportTests
{
    private protected override bool IsSpread => true;
}
