namespace ReplyX.Messaging.Tests.Dialogs;

/// <summary>The same, of dialogs that are spread.</summary>
public sealed class SpreadDialogDirectoryTests : DialogDirectoryTests
{
    private protected override bool IsSpread => true;
}
