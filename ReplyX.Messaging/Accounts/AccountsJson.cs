using System.Text.Json.Serialization;

namespace ReplyX.Messaging.Accounts;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(Site))]
[JsonSerializable(typeof(SiteLook))]
[JsonSerializable(typeof(Operator))]
[JsonSerializable(typeof(Invitation))]
[JsonSerializable(typeof(OperatorSession))]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(IReadOnlyList<QuickReply>))]
internal sealed partial class AccountsJson : JsonSerializerContext;
