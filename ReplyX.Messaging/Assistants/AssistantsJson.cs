using System.Text.Json.Serialization;

namespace ReplyX.Messaging.Assistants;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AssistantSettings))]
internal sealed partial class AssistantsJson : JsonSerializerContext;
