using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReplyX.Panels.Queries;

/// <summary>Prometheus writes a sample as [1735689600.5, "0.25"]: text, since JSON has no NaN and no infinity.</summary>
internal sealed class SampleConverter : JsonConverter<Sample>
{
    public override Sample Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Read();
        var time = reader.GetDouble();
        reader.Read();
        var value = Parse(reader.GetString());
        reader.Read();
        return new(time, value);
    }

    public override void Write(Utf8JsonWriter writer, Sample value, JsonSerializerOptions options) => throw new NotSupportedException();

    private static double Parse(string? text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        null => throw new JsonException(),
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };
}
