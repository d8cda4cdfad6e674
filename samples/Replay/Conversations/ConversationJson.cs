using System.Text.Json.Serialization;

namespace ReplyX.Samples.Replay.Conversations;

internal sealed record HeaderJson(string Conversation, string Mode, string Language, string About);

internal sealed record LineJson(string From, string? Text, string? Handoff, int AfterMs, bool Typing);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(HeaderJson))]
[JsonSerializable(typeof(LineJson))]
internal sealed partial class ConversationJson : JsonSerializerContext;
