using System.Globalization;
using System.Text.Json;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Projection;

/// <summary>How a spread dialog stands, and some of its events: what its account's lists are told.</summary>
internal sealed class DialogStanding
{
    // As many events as are ever read at once, each of the longest.
    private const int MostBytes = 64 * 1024 * 1024;

    private static readonly RedisValue[] _names =
        ["handoff", "operator", "operator_name", "read_manager", "requested", "who", "handoff_by"];

    private static readonly RedisValue[] _introduction = [.. _names, "name", "email", "locale", "page"];

    private readonly StreamKey _dialog;
    private readonly RedisValue[] _fields;
    private readonly SortedDictionary<long, LogEntry> _events = [];

    private DialogStanding(StreamKey dialog, RedisValue[] fields, DialogOwner owner, IEnumerable<LogEntry> events)
    {
        (_dialog, _fields, Owner) = (dialog, fields, owner);
        foreach (var entry in events)
        {
            _events[entry.Seq] = entry.IsOf(dialog) ? entry : throw RedisGateway.MismatchedReply();
        }
    }

    /// <summary>Whose it is.</summary>
    public DialogOwner Owner { get; }

    /// <summary>Reads a dialog, and its events from one on to another.</summary>
    /// <returns>Null if there is no such dialog: it was deleted.</returns>
    public static async Task<DialogStanding?> ReadAsync(
        RedisGateway redis, LogReader reader, StreamKey dialog, bool introduces, long from, long to, CancellationToken cancellationToken)
    {
        var reading = redis.ExecuteAsync(
            database => database.HashGetAsync(RedisKeys.Dialog(dialog), introduces ? _introduction : _names), cancellationToken);

        // Some may be in the archive by now. An event that is there must be found, or the next one would be told in its place.
        var page = to < from
            ? []
            : (await reader.ReadPageAsync(dialog, LogPosition.From(from), (int)(to - from + 1), MostBytes, cancellationToken)).Entries;
        var fields = await reading;
        return DialogOwner.OfField(fields[5]) is { } owner ? new DialogStanding(dialog, fields, owner, page) : null;
    }

    /// <summary>The update for an event that an append has noted, unless the log has lost it or has another one in its place.</summary>
    public ListUpdate? ToUpdate(OutboxEntry noted, string expected) =>
        _events.TryGetValue(noted.Seq, out var entry) && entry.Cursor.NonceText == noted.Nonce ? ToUpdate(noted, entry, expected) : null;

    /// <summary>The updates for all events that were read, of which notes are no longer there, behind the one that a mark names.</summary>
    public List<ListUpdate> ToUpdates(string mark)
    {
        List<ListUpdate> updates = [];
        foreach (var entry in _events.Values)
        {
            using var json = JsonDocument.Parse(entry.Payload);
            var sender = json.RootElement.TryGetProperty("sender", out var named)
                ? named.GetString()!
                : Text(6) is { Length: > 0 } by ? by : Sender.System.ToWire();
            var note = new OutboxEntry(_dialog, sender, entry.Seq, entry.Cursor.NonceText, entry.AppendedAtUnixMilliseconds, IsNew: false);
            updates.Add(ToUpdate(note, entry, updates.Count == 0 ? mark : updates[^1].Note.Mark));
        }

        return updates;
    }

    private ListUpdate ToUpdate(OutboxEntry noted, LogEntry entry, string expected)
    {
        using var json = JsonDocument.Parse(entry.Payload);
        var type = json.RootElement.GetProperty("type").GetString()!;
        var text = type == "message" ? json.RootElement.GetProperty("text").GetString()! : "";
        var handoff = Text(0);
        return new ListUpdate(
            noted,
            expected,
            new AssistantSite(_dialog.Account, Owner.SiteId),
            type,
            handoff,
            handoff == HandoffState.Requested.ToWire() ? Text(4) : "",
            ListUpdate.Write(
                noted.Seq,
                handoff,
                long.TryParse(Text(3), CultureInfo.InvariantCulture, out var read) ? read : 0,
                type == "handoff_started" ? (Text(1), Text(2)) : null,
                noted.IsNew ? Introduce : null,
                EventText.FeedTail(type, noted.Sender, text, DateTimeOffset.FromUnixTimeMilliseconds(noted.Time))));
    }

    /// <summary>What a dialog's first entry in a list says beside its last event. The values lie in the dialog as JSON (note_visitor.lua).</summary>
    public void Introduce(Utf8JsonWriter writer)
    {
        const int Name = 7;
        writer.WriteString("mode"u8, Owner.Mode.ToWire());
        writer.WriteString("site_id"u8, Owner.SiteId);
        if (Text(Name).Length + Text(Name + 1).Length + Text(Name + 2).Length > 0)
        {
            writer.WriteStartObject("visitor"u8);
            WriteRaw(writer, "name", Text(Name));
            WriteRaw(writer, "email", Text(Name + 1));
            WriteRaw(writer, "locale", Text(Name + 2));
            writer.WriteEndObject();
        }

        WriteRaw(writer, "page", Text(Name + 3));
    }

    private static void WriteRaw(Utf8JsonWriter writer, string name, string value)
    {
        if (value.Length > 0)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(value, skipInputValidation: true);
        }
    }

    private string Text(int field) => (string?)_fields[field] ?? "";
}
