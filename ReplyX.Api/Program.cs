using ReplyX.Api.Accounts;
using ReplyX.Api.Assistant;
using ReplyX.Api.Authentication;
using ReplyX.Api.Bootstrap;
using ReplyX.Api.Cors;
using ReplyX.Api.Data;
using ReplyX.Api.Demo;
using ReplyX.Api.Dialogs;
using ReplyX.Api.Invitations;
using ReplyX.Api.Limits;
using ReplyX.Api.Messages;
using ReplyX.Api.Nodes;
using ReplyX.Api.Oidc;
using ReplyX.Api.OpenApi;
using ReplyX.Api.Operators;
using ReplyX.Api.QuickReplies;
using ReplyX.Api.Secrets;
using ReplyX.Api.Sites;
using ReplyX.Api.Web;
using ReplyX.Messaging;

namespace ReplyX.Api;

internal static class Program
{
    private static Task<int> Main(string[] args) => ServiceRunner.RunAsync(args, Add, Map);

    /// <summary>The whole service, over a builder that tests may have prepared.</summary>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        Add(builder);
        var app = builder.Build();
        Map(app);
        return app;
    }

    private static void Add(WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults();
        builder.AddRedis("redis", options => options.ConfigureForMessaging());
        builder.AddMessaging();
        builder.AddEdge();
        builder.Services.AddApiMetrics();
        builder.Services.AddApiJson();
        builder.Services.AddProblems();
        builder.Services.AddCredentials();
        builder.Services.AddLimits();
        builder.Services.AddVisitorCors();
        builder.Services.AddDialogs();
        builder.Services.AddMessages();
        builder.Services.AddSites();
        builder.Services.AddOperators();
        builder.AddOidc();
        builder.Services.AddNodes();
        builder.Services.AddSecrets();
        builder.Services.AddAssistants();
        builder.Services.AddDataJobs();
        builder.AddWeb();
        builder.AddBootstrap();
        builder.AddDemo();
        builder.AddApiDocument();
    }

    private static void Map(WebApplication app)
    {
        app.UseEdge();
        app.UseVisitorCors();
        app.UseProblems();
        app.UseRouting();
        app.UseOidcLimits();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseVisitorPreflights();
        app.UseBodyLimit();
        app.UseAuthorization();

        var api = app.MapGroup("").AddEndpointFilter<RevocationFilter>().AddEndpointFilter<JsonBodyFilter>();
        api.MapWidgetDialogs();
        api.MapSiteDialogs();
        api.MapSignIn();
        api.MapOperators();
        api.MapAccounts();
        api.MapInvitations();
        api.MapOidc();
        api.MapOperatorDialogs();
        api.MapSites();
        app.MapNewAccounts();
        api.MapAssistants();
        api.MapQuickReplies();
        api.MapDataJobs();
        api.MapStatus();
        app.MapNodes();
        app.MapWeb();
        app.StartApiMetrics();
        app.MapDefaultEndpoints();
        app.MapApiDocument();
    }
}
