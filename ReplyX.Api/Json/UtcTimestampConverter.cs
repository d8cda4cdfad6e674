using System.Text.Json;
using System.Text.Json.Serialization;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Api.Json;

/// <summary>Writes times as events carry them.</summary>
internal sealed class UtcTimestampConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(EventTimestamp.Format(value));
}
