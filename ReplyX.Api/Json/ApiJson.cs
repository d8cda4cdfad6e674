using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReplyX.Api.Accounts;
using ReplyX.Api.Assistant;
using ReplyX.Api.Data;
using ReplyX.Api.Dialogs;
using ReplyX.Api.Handoff;
using ReplyX.Api.Invitations;
using ReplyX.Api.Messages;
using ReplyX.Api.Nodes;
using ReplyX.Api.Oidc;
using ReplyX.Api.Operators;
using ReplyX.Api.QuickReplies;
using ReplyX.Api.Sites;
using ReplyX.Api.Web;

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
[JsonSerializable(typeof(DialogDetails))]
[JsonSerializable(typeof(VisitorFields))]
[JsonSerializable(typeof(PageFields))]
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
[JsonSerializable(typeof(AccountOperator))]
[JsonSerializable(typeof(OperatorPatch))]
[JsonSerializable(typeof(Me))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(NewPassword))]
[JsonSerializable(typeof(NewBot))]
[JsonSerializable(typeof(CreatedBot))]
[JsonSerializable(typeof(BotKey))]
[JsonSerializable(typeof(AccountSettings))]
[JsonSerializable(typeof(AccountPatch))]
[JsonSerializable(typeof(NewInvitationRequest))]
[JsonSerializable(typeof(InvitationView))]
[JsonSerializable(typeof(AccountInvitations))]
[JsonSerializable(typeof(InvitationSecret))]
[JsonSerializable(typeof(InvitationLook))]
[JsonSerializable(typeof(AcceptInvitation))]
[JsonSerializable(typeof(NewAccount))]
[JsonSerializable(typeof(CreatedAccount))]
[JsonSerializable(typeof(OidcProviderList))]
[JsonSerializable(typeof(AuditEntries))]
[JsonSerializable(typeof(SiteFields))]
[JsonSerializable(typeof(SiteDetails))]
[JsonSerializable(typeof(AccountSites))]
[JsonSerializable(typeof(AssistantView))]
[JsonSerializable(typeof(SaveAssistant))]
[JsonSerializable(typeof(TryAssistant))]
[JsonSerializable(typeof(TriedAssistant))]
[JsonSerializable(typeof(NewSiteToken))]
[JsonSerializable(typeof(SiteToken))]
[JsonSerializable(typeof(EmbedCode))]
[JsonSerializable(typeof(ValidateSiteToken))]
[JsonSerializable(typeof(SiteTokenValidity))]
[JsonSerializable(typeof(IReadOnlyList<ScrapeTarget>))]
[JsonSerializable(typeof(IReadOnlyList<NodeView>))]
[JsonSerializable(typeof(NodeDrainState))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(NewDataJob))]
[JsonSerializable(typeof(DataJobSecret))]
[JsonSerializable(typeof(DataJobView))]
[JsonSerializable(typeof(StartedDataJobView))]
[JsonSerializable(typeof(DataJobList))]
[JsonSerializable(typeof(QuickReplyList))]
[JsonSerializable(typeof(ConsoleConfig))]
[JsonSerializable(typeof(ChatConfig))]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>The deepest nesting that is read. Known bodies have two levels; the rest is for members that are ignored.</summary>
    public const int MaxDepth = 16;

    /// <summary>
    /// For writing: escapes only what JSON requires, since escaped Cyrillic is unreadable and three times as long. The content type and
    /// <c>nosniff</c> prevent that a browser takes the text for HTML.
    /// </summary>
    public static ApiJson Relaxed => field ??= new ApiJson(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
