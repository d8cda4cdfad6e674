using System.Text.Json.Serialization;

namespace ReplyX.ServiceDefaults.Health;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class HealthJson : JsonSerializerContext;

internal sealed record HealthAnswer(string Status, Dictionary<string, string> Checks, string? Version);
