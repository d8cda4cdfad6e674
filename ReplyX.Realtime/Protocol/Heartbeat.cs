namespace ReplyX.Realtime.Protocol;

/// <summary>The heartbeat is raw text, no JSON: a browser's script can neither send nor see protocol pings.</summary>
internal static class Heartbeat
{
    public static ReadOnlySpan<byte> Ping => "__ping__"u8;

    public static ReadOnlySpan<byte> Pong => "__pong__"u8;
}
