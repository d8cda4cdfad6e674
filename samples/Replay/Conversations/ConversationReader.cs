using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ReplyX.Client;

namespace ReplyX.Samples.Replay.Conversations;

/// <summary>Reads conversations and checks that they can be played.</summary>
internal static class ConversationReader
{
    private const int MaxText = 8000;

    /// <summary>Reads every conversation of a folder, in the order of their names.</summary>
    /// <exception cref="ConversationFormatException">A line breaks a rule.</exception>
    internal static IReadOnlyList<Conversation> ReadFolder(string folder)
        => [.. Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal).Select(ReadFile)];

    internal static Conversation ReadFile(string path) => Read(Path.GetFileName(path), File.ReadAllText(path));

    internal static Conversation Read(string file, string content)
    {
        // Only LF ends a line: the texts may hold every other separator.
        var lines = content.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 2)
        {
            throw new ConversationFormatException(file, 1, "a header and at least one line are needed");
        }

        var header = Parse(file, 1, lines[0], ConversationJson.Default.HeaderJson);
        var channel = header.Mode switch
        {
            "widget" => DialogChannel.Widget,
            "site" => DialogChannel.Site,
            _ => throw new ConversationFormatException(file, 1, $"the mode is widget or site, not {header.Mode}"),
        };
        var state = HandoffState.None;
        var read = new List<ConversationLine>(lines.Length - 1);
        for (var i = 1; i < lines.Length; i++)
        {
            var line = ToLine(file, i + 1, Parse(file, i + 1, lines[i], ConversationJson.Default.LineJson));
            state = After(file, i + 1, line, state);
            read.Add(line);
        }

        return new Conversation(header.Conversation, channel, header.Language, header.About, read);
    }

    private static T Parse<T>(string file, int number, string line, JsonTypeInfo<T> shape)
    {
        try
        {
            return JsonSerializer.Deserialize(line, shape) ?? throw new ConversationFormatException(file, number, "null is no line");
        }
        catch (JsonException e)
        {
            throw new ConversationFormatException(file, number, e.Message);
        }
    }

    private static ConversationLine ToLine(string file, int number, LineJson json)
    {
        var from = json.From switch
        {
            "visitor" => Author.Visitor,
            "assistant" => Author.Assistant,
            "operator" => Author.Operator,
            _ => throw new ConversationFormatException(file, number, $"nobody is called {json.From}"),
        };
        HandoffStep? step = json.Handoff switch
        {
            null => null,
            "request" => HandoffStep.Request,
            "takeover" => HandoffStep.Takeover,
            "release" => HandoffStep.Release,
            "cancel" => HandoffStep.Cancel,
            _ => throw new ConversationFormatException(file, number, $"there is no step {json.Handoff}"),
        };
        if (json.Text is null == step is null)
        {
            throw new ConversationFormatException(file, number, "a line has a text or a handoff");
        }

        if (json.Text is { } text && (text.Length > MaxText || string.IsNullOrWhiteSpace(text)))
        {
            throw new ConversationFormatException(file, number, $"a text has 1 to {MaxText} characters, and not only white space");
        }

        return json.AfterMs < 0
            ? throw new ConversationFormatException(file, number, "after_ms is at least 0")
            : new ConversationLine(from, json.Text, step, TimeSpan.FromMilliseconds(json.AfterMs), json.Typing);
    }

    private static HandoffState After(string file, int number, ConversationLine line, HandoffState state)
    {
        if (line.From == Author.Assistant && (state == HandoffState.Active || line.Handoff is not null))
        {
            throw new ConversationFormatException(file, number, "the assistant takes no step, and is silent while an operator has the dialog");
        }

        return (line.Handoff, line.From, state) switch
        {
            (null, _, _) => state,
            (HandoffStep.Request, _, HandoffState.None or HandoffState.Released or HandoffState.Cancelled) => HandoffState.Requested,
            (HandoffStep.Cancel, _, HandoffState.Requested) => HandoffState.Cancelled,
            (HandoffStep.Takeover, Author.Operator, HandoffState.Requested) => HandoffState.Active,
            (HandoffStep.Release, Author.Operator, HandoffState.Active) => HandoffState.Released,
            _ => throw new ConversationFormatException(file, number, $"no {line.Handoff} by {line.From} while {state}"),
        };
    }
}
