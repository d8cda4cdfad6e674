using System.Text.Json;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Dialogs;

/// <summary>What lists show of a spread dialog's last events, which stand in its log alone.</summary>
internal static class SpreadSummary
{
    /// <summary>The last event in short.</summary>
    public static DialogSummary Of(LogEntry last, HashEntry[] hash)
    {
        var (sender, type, text) = Read(last, hash);
        return new DialogSummary(
            last.Seq, type, sender, EventText.Preview(text), DateTimeOffset.FromUnixTimeMilliseconds(last.AppendedAtUnixMilliseconds));
    }

    /// <summary>The same as fields, for a dialog whose log goes: as append.lua has them of other dialogs.</summary>
    public static HashEntry[] ToFields(LogEntry last, HashEntry[] hash)
    {
        var (sender, type, text) = Read(last, hash);
        var tail = EventText.FeedTail(type, sender, text, DateTimeOffset.FromUnixTimeMilliseconds(last.AppendedAtUnixMilliseconds));
        return [new("last", tail), new("last_seq", last.Seq)];
    }

    private static (string Sender, string Type, string Text) Read(LogEntry last, HashEntry[] hash)
    {
        using var json = JsonDocument.Parse(last.Payload);
        var root = json.RootElement;
        var type = root.GetProperty("type").GetString()!;
        return type == "message"
            ? (root.GetProperty("sender").GetString()!, type, root.GetProperty("text").GetString()!)
            : ((string?)Array.Find(hash, field => field.Name == "handoff_by").Value ?? Sender.System.ToWire(), type, "");
    }
}
