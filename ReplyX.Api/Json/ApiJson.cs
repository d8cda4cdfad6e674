using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReplyX.Api.Dialogs;
using ReplyX.Api.Handoff;
using ReplyX.Api.Messages;
using ReplyX.Api.Nodes;
using ReplyX.Api.Operators;
using ReplyX.Api.Sites;

namespace ReplyX.Api.Json;

/// <summary>Every body that this service reads or writes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimestampConverter)],
    AllowDuplicateProperties = false,
    MaxDepth = MaxDepth)]
[JsonSerializable(typeof(StartWidgetDialog))]
[JsonSerializable(typeof(StartSiteDialog))]
[JsonSerializable(typeof(StartedDialog))]
[JsonSerializable(typeof(RefreshedToken))]
[JsonSerializable(typeof(GuestDialogs))]
[JsonSerializable(typeof(AccountDialogs))]
[JsonSerializable(typeof(SendMessage))]
[JsonSerializable(typeof(SendOperatorMessage))]
[JsonSerializable(typeof(MessagePage))]
[JsonSerializable(typeof(SentUserMessage))]
[JsonSerializable(typeof(SentMessage))]
[JsonSerializable(typeof(HandoffCommand))]
[JsonSerializable(typeof(HandoffStatus))]
[JsonSerializable(typeof(SignIn))]
[JsonSerializable(typeof(SignedIn))]
[JsonSerializable(typeof(AccountOperators))]
[JsonSerializable(typeof(NewSiteToken))]
[JsonSerializable(typeof(SiteToken))]
[JsonSerializable(typeof(EmbedCode))]
[JsonSerializable(typeof(ValidateSiteToken))]
[JsonSerializable(typeof(SiteTokenValidity))]
[JsonSerializable(typeof(IReadOnlyList<ScrapeTarget>))]
[JsonSerializable(typeof(IReadOnlyList<NodeView>))]
[JsonSerializable(typeof(NodeDrainState))]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>The deepest nesting that is read. Ours has two levels; the rest is room for members that are ignored.</summary>
    public const int MaxDepth = 16;

    /// <summary>
    /// For writing: only what JSON itself asks for is escaped, so that Cyrillic is neither tripled in size nor unreadable. The
    /// content type and <c>nosniff</c> keep it from being taken for HTML.
    /// </summary>
    public static ApiJson Relaxed => field ??= new ApiJson(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
