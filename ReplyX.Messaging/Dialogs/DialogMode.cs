using System.Text.Json.Serialization;

namespace ReplyX.Messaging.Dialogs;

/// <summary>How a dialog was started. It decides the pool that the visitor's sockets are admitted to, never what they receive.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DialogMode>))]
public enum DialogMode
{
    /// <summary>By the widget in a visitor's page, with an assistant's id.</summary>
    [JsonStringEnumMemberName("widget")]
    Widget,

    /// <summary>By the chat page that is embedded with a site token.</summary>
    [JsonStringEnumMemberName("site")]
    Site,
}
