using System.Text.Json.Serialization;

namespace ReplyX.Messaging.Accounts;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Site))]
[JsonSerializable(typeof(Operator))]
internal sealed partial class AccountsJson : JsonSerializerContext;
