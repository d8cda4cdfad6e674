using System.Text.Json.Serialization;

namespace ReplyX.Realtime.Draining;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NodeDrainState))]
internal sealed partial class DrainJson : JsonSerializerContext;
