using ReplyX.Api.Accounts;
using ReplyX.Api.Assistant;
using ReplyX.Api.Data;
using ReplyX.Api.Dialogs;
using ReplyX.Api.Handoff;
using ReplyX.Api.Invitations;
using ReplyX.Api.Messages;
using ReplyX.Api.Operators;
using ReplyX.Api.QuickReplies;
using ReplyX.Api.Sites;

namespace ReplyX.Api.OpenApi;

/// <summary>Bodies that work against the demo account.</summary>
internal static class Examples
{
    public static readonly IReadOnlyDictionary<Type, string> Bodies = new Dictionary<Type, string>
    {
        [typeof(StartWidgetDialog)] = """{ "assistant_id": "demo" }""",
        [typeof(StartSiteDialog)] = """{ "site_token": "(from POST /api/site-token)" }""",
        [typeof(VisitorFields)] = """{ "name": "Ann Lee", "email": "ann@example.com" }""",
        [typeof(PageFields)] = """{ "url": "https://shop.example/blue-shirt", "title": "The blue shirt" }""",
        [typeof(QuickReplyList)] = """{ "items": [{ "shortcut": "hi", "text": "Hello! How can I help?" }] }""",
        [typeof(SendMessage)] = """{ "text": "Is the blue one in stock?", "client_id": "7b1d6a52" }""",
        [typeof(SendOperatorMessage)] = """{ "text": "It is, in two sizes.", "client_id": "c40e91", "sender": "manager" }""",
        [typeof(HandoffCommand)] = """{ "client_id": "step-1" }""",
        [typeof(SignIn)] = """{ "login": "anna@demo.replyx.dev", "password": "(the operator-password parameter)" }""",
        [typeof(NewPassword)] = """{ "current": "(the password now)", "new": "(8 characters or more)" }""",
        [typeof(OperatorPatch)] = """{ "role": "owner" }""",
        [typeof(NewBot)] = """{ "name": "Night shift" }""",
        [typeof(BotKey)] = """{ "key": "(from POST /api/operators/bots)" }""",
        [typeof(AccountPatch)] = """{ "name": "The shop", "retention_days": 365 }""",
        [typeof(SiteFields)] = """{ "name": "The shop", "origins": ["https://shop.example"], "look": { "color": "#0f766e" } }""",
        [typeof(NewInvitationRequest)] = """{ "login": "clara@shop.example", "name": "Clara", "role": "operator" }""",
        [typeof(InvitationSecret)] = """{ "secret": "(what the link has after #)" }""",
        [typeof(AcceptInvitation)] = """
            { "secret": "(what the link has after #)", "name": "Clara", "login": "clara@shop.example", "password": "(8 characters or more)" }
            """,
        [typeof(NewAccount)] = """{ "name": "The shop", "login": "clara@shop.example" }""",
        [typeof(SaveAssistant)] = """
            {
              "enabled": true,
              "kind": "scripted",
              "answers": [{ "question": "How long does shipping take?", "answer": "Two to three days." }],
              "handover_words": ["complaint"]
            }
            """,
        [typeof(TryAssistant)] = """{ "text": "When will my parcel arrive?" }""",
        [typeof(NewDataJob)] = """{ "kind": "export", "subject": "visitor", "visitor_id": "(from GET /api/dialogs/{id})" }""",
        [typeof(DataJobSecret)] = """{ "secret": "(from starting an account's erasure)" }""",
        [typeof(NewSiteToken)] = """{ "site_id": "demo" }""",
        [typeof(ValidateSiteToken)] = """{ "token": "(from POST /api/site-token)" }""",
    };
}
