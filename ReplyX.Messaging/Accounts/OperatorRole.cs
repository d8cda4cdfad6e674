using System.Text.Json.Serialization;

namespace ReplyX.Messaging.Accounts;

/// <summary>What an operator may do in the account.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperatorRole>))]
public enum OperatorRole
{
    /// <summary>Answers dialogs. Who was stored before there were roles has this one.</summary>
    [JsonStringEnumMemberName("operator")]
    Operator,

    /// <summary>Also releases dialogs that another operator holds.</summary>
    [JsonStringEnumMemberName("owner")]
    Owner,
}
