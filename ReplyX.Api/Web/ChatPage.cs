using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using ReplyX.Api.Dialogs;
using ReplyX.Api.Sites;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Redis;

namespace ReplyX.Api.Web;

/// <summary>The chat page, which the embedding page frames, and which also stands by itself.</summary>
internal sealed class ChatPage(
    WebAssets assets,
    PageLanguages languages,
    AccountDirectory accounts,
    AssistantDirectory assistants,
    SiteTokens tokens,
    IOptions<RealtimeEndpointOptions> realtime,
    IHostEnvironment environment)
{
    // A site's own greeting is a sentence.
    private const int MaxGreetingLength = 300;

    private readonly WebPage _page = new(assets, "chat/index.html", "chat/main.js");
    private readonly IReadOnlyList<string> _languages = languages.Of("chat");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/chat", (HttpRequest request, [AsParameters] ChatQuery query, ChatPage page, CancellationToken cancellationToken) =>
            page.ShowAsync(request, query, cancellationToken)).ExcludeFromDescription();

    public async Task<WebPageResult> ShowAsync(HttpRequest request, ChatQuery query, CancellationToken cancellationToken)
    {
        if (query.Preview == "1")
        {
            // Of our own console only, and of no site.
            return Page(request, query, ChatLook.Default, query.Locale, new ContentSecurityPolicy("'self'"), config => config with { Preview = true });
        }

        Site? site;
        var refusal = SiteTokenRefusal.None;
        var isAssisted = false;
        try
        {
            (site, refusal) = query switch
            {
                { SiteToken: { Length: > 0 } token } => await tokens.CheckAsync(token, cancellationToken),
                { AssistantId: { Length: > 0 } id } => (await accounts.FindSiteOfAssistantAsync(id, cancellationToken), SiteTokenRefusal.None),
                _ => (null, SiteTokenRefusal.None),
            };
            isAssisted = site is not null && (await assistants.FindEnabledAsync(site.Account, [site.Id], cancellationToken)).Count > 0;
        }
        catch (MessagingUnavailableException)
        {
            return NoChat(request, query, "busy", StatusCodes.Status503ServiceUnavailable);
        }

        if (site is null)
        {
            return refusal == SiteTokenRefusal.Rotated
                ? NoChat(request, query, "rotated", StatusCodes.Status410Gone)
                : NoChat(request, query, "unknown", StatusCodes.Status404NotFound);
        }

        // The demo's sites list the demo's origin themselves.
        string[] frames = ["'self'", .. FrameSources.Of(site), .. DevelopmentFrames(request)];
        var policy = new ContentSecurityPolicy([.. frames.Distinct(StringComparer.Ordinal)])
        {
            Connect = [realtime.Value.GetSocketOrigin()],
        };
        return Page(request, query, ChatLook.Of(site), LocaleOf(query, site), policy, config => config with
        {
            AssistantId = string.IsNullOrEmpty(query.SiteToken) ? query.AssistantId : null,
            SiteToken = string.IsNullOrEmpty(query.SiteToken) ? null : query.SiteToken,
            Welcome = site.Welcome,
            Assistant = isAssisted,
        });
    }

    // It holds nothing and does nothing, so that whoever embeds it may read why there is no chat.
    private WebPageResult NoChat(HttpRequest request, ChatQuery query, string reason, int status) =>
        Page(request, query, ChatLook.Default, query.Locale, new ContentSecurityPolicy("*"), config => config with { Error = reason }, status);

    // "auto" is no language, and means the browser's, whatever the site's look says.
    private static string? LocaleOf(ChatQuery query, Site site) => query.Locale ?? site.Look?.Locale switch
    {
        LookLocale.English => "en",
        LookLocale.Russian => "ru",
        _ => null,
    };

    private WebPageResult Page(
        HttpRequest request,
        ChatQuery query,
        ChatLook look,
        string? wanted,
        ContentSecurityPolicy policy,
        Func<ChatConfig, ChatConfig> complete,
        int status = StatusCodes.Status200OK)
    {
        var type = query.Type is "embedded" or "fullscreen" ? query.Type : "floating";
        var locale = PageLanguages.Choose(wanted, request, _languages);
        var greeting = query.Welcome is { Length: > 0 } text ? Shorten(text) : null;
        var config = complete(new ChatConfig(look.With(query.Color, query.Position, query.Theme), locale, _languages, type) { Greeting = greeting });
        return _page.With(locale, config, ApiJson.Default.ChatConfig, policy, status);
    }

    // Not amid a character of two units.
    private static string Shorten(string text) => text.Length <= MaxGreetingLength
        ? text
        : text[..(MaxGreetingLength - (char.IsHighSurrogate(text[MaxGreetingLength - 1]) ? 1 : 0))];

    private IEnumerable<string> DevelopmentFrames(HttpRequest request) => environment.IsDevelopment() ? [DemoPage.OriginOf(request)] : [];
}

/// <summary>What the embedding page says in the chat's address.</summary>
internal sealed record ChatQuery(
    [property: FromQuery(Name = "assistant_id")] string? AssistantId,
    [property: FromQuery(Name = "site_token")] string? SiteToken,
    string? Type,
    string? Locale,
    string? Theme,
    string? Color,
    string? Position,
    string? Welcome,
    string? Preview);
