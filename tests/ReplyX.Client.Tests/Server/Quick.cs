namespace ReplyX.Client.Tests.Server;

/// <summary>Options for tests on the real clock: nothing waits longer than it must.</summary>
internal static class Quick
{
    public static ReplyXConnectionOptions Options(
        ScriptedServer server,
        EventCursor? cursor = null,
        bool history = false,
        TimeProvider? time = null,
        TokenProvider? tokens = null,
        int eventCapacity = 1024,
        int outboxCapacity = 256,
        int inFlight = 1,
        TimeSpan? ackTimeout = null,
        TimeSpan? keyLifetime = null)
        => new()
        {
            Url = server.Dialog,
            TokenProvider = tokens ?? ((_, _) => ValueTask.FromResult<string?>("a.b.c")),
            Cursor = cursor,
            History = history ? server.Log : null,
            TimeProvider = time ?? TimeProvider.System,
            MinReconnectDelay = TimeSpan.FromMilliseconds(1),
            MaxReconnectDelay = TimeSpan.FromMilliseconds(20),
            EventCapacity = eventCapacity,
            OutboxCapacity = outboxCapacity,
            SendsInFlight = inFlight,
            HistoryPageSize = 10,
            AckTimeout = ackTimeout ?? TimeSpan.FromSeconds(15),
            KeyLifetime = keyLifetime ?? TimeSpan.FromHours(1),
        };
}
