using System.Text.Json.Serialization;

namespace ReplyX.Messaging.Dialogs;

/// <summary>Who answers a dialog: the assistant, or a human who took it over.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HandoffState>))]
public enum HandoffState
{
    /// <summary>Nobody asked for a human; the assistant answers.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>A human is asked for and has not come yet; the assistant still answers.</summary>
    [JsonStringEnumMemberName("requested")]
    Requested,

    /// <summary>An operator holds the dialog; the assistant and other operators are refused.</summary>
    [JsonStringEnumMemberName("active")]
    Active,

    /// <summary>The operator gave the dialog back; the assistant answers.</summary>
    [JsonStringEnumMemberName("released")]
    Released,

    /// <summary>The request was withdrawn before an operator came; the assistant answers.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}
