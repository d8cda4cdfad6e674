using System.Text.Json.Serialization;

namespace ReplyX.Messaging.Assistants;

/// <summary>Who thinks for a site's assistant.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AssistantKind>))]
public enum AssistantKind
{
    /// <summary>Nobody: it answers with the site's own answers to the questions that are like the visitor's.</summary>
    [JsonStringEnumMemberName("scripted")]
    Scripted,

    /// <summary>A model behind an endpoint that speaks OpenAI's chat protocol.</summary>
    [JsonStringEnumMemberName("openai")]
    OpenAI,
}
