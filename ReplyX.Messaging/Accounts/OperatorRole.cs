using System.Text.Json.Serialization;

namespace ReplyX.Messaging.Accounts;

/// <summary>What an operator may do in the account.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperatorRole>))]
public enum OperatorRole
{
    /// <summary>Answers dialogs. Who was stored before there were roles has this one.</summary>
    [JsonStringEnumMemberName("operator")]
    Operator,

    /// <summary>Also manages the account, and releases dialogs that another operator holds.</summary>
    [JsonStringEnumMemberName("owner")]
    Owner,

    /// <summary>A program that answers dialogs, and has a key instead of a password.</summary>
    [JsonStringEnumMemberName("bot")]
    Bot,
}
