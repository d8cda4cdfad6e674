using System.Text.Json.Serialization;

namespace ReplyX.Client;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ServerFrame))]
internal sealed partial class ServerFrameJson : JsonSerializerContext;
