using System.Text.Json;

namespace ReplyX.Client.Tests.Server;

internal sealed record LogEntry(long Seq, string Nonce, string Text, string? ClientId)
{
    public string Cursor => $"{Seq}-{Nonce}";

    public string Json => JsonSerializer.Serialize(new
    {
        type = "message",
        dialog_id = 7,
        id = Seq,
        seq = Seq,
        cursor = Cursor,
        sender = "user",
        text = Text,
        client_id = ClientId,
        timestamp = "2026-01-01T00:00:00.000Z",
    });
}
