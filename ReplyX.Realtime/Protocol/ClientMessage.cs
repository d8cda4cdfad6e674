using System.Text.Json.Serialization;

namespace ReplyX.Realtime.Protocol;

/// <summary>A message from a client; which members count depends on its type.</summary>
internal sealed class ClientMessage
{
    public string? Type { get; init; }

    public string? Text { get; init; }

    public string? ClientId { get; init; }

    public long? Seq { get; init; }

    public string? Token { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = 8)]
[JsonSerializable(typeof(ClientMessage))]
internal sealed partial class ProtocolJson : JsonSerializerContext;
