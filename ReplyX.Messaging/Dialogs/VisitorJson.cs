using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReplyX.Messaging.Dialogs;

/// <summary>What is known of a visitor as a dialog's fields have it: JSON, which the scripts put into events as it is.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(VisitorPage))]
internal sealed partial class VisitorJson : JsonSerializerContext
{
    // As events are written: what is sent to sockets is never inlined into HTML.
    private static VisitorJson Relaxed => field ??= new VisitorJson(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static string Of(string text) => JsonSerializer.Serialize(text, Relaxed.String);

    public static string Of(VisitorPage page) => JsonSerializer.Serialize(page, Relaxed.VisitorPage);

    public static string? ToText(string? json) => json is null ? null : JsonSerializer.Deserialize(json, Default.String);

    public static VisitorPage? ToPage(string? json) => json is null ? null : JsonSerializer.Deserialize(json, Default.VisitorPage);

    public static VisitorProfile? ToProfile(string? name, string? email, string? locale) =>
        (name ?? email ?? locale) is null ? null : new VisitorProfile(ToText(name), ToText(email), ToText(locale));
}
