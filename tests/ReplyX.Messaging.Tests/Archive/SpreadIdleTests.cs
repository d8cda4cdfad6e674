using ReplyX.Messaging.Archive;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Archive;

/// <summary>The same, of dialogs that are spread.</summary>
public sealed class SpreadIdleTests : IdleTests
{
    /// <summary>What lies in files does not know how a dialog's keys lie.</summary>
    public static new TheoryData<RedisKind, ArchiveStore> Archives => InRedis;

    public static new TheoryData<RedisKind, ArchiveStore> CutOff => InRedis;

    private protected override bool IsSpread => true;
}
