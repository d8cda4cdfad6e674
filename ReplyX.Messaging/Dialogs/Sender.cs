using System.Text.Json.Serialization;

namespace ReplyX.Messaging.Dialogs;

/// <summary>Who speaks in a message.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Sender>))]
public enum Sender
{
    /// <summary>The visitor.</summary>
    [JsonStringEnumMemberName("user")]
    User,

    /// <summary>The AI assistant.</summary>
    [JsonStringEnumMemberName("assistant")]
    Assistant,

    /// <summary>A human operator.</summary>
    [JsonStringEnumMemberName("manager")]
    Manager,

    /// <summary>ReplyX itself.</summary>
    [JsonStringEnumMemberName("system")]
    System,
}
