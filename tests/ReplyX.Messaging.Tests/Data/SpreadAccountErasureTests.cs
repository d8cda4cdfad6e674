using ReplyX.Messaging.Archive;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Data;

/// <summary>The same, of dialogs that are spread.</summary>
public sealed class SpreadAccountErasureTests : AccountErasureTests
{
    /// <summary>What lies in files does not know how a dialog's keys lie.</summary>
    public static new TheoryData<RedisKind, ArchiveStore> Archives => InRedis;

    private protected override bool IsSpread => true;
}
