using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ReplyX.Testing;

namespace ReplyX.Workflows.Tests.Rulesets;

/// <summary>
/// Stands in for GitHub's API, as far as rulesets, environments and teams go. Like GitHub it answers with more than it was given, keeps
/// lists in an order of its own, and shows environments in another form than it takes them.
/// </summary>
internal sealed class GitHubApi : IAsyncDisposable
{
    public const string Token = "github_pat_that_nobody_may_see";

    private readonly WebApplication _app;
    private readonly Dictionary<string, JsonObject> _environments = [];
    private readonly Dictionary<string, List<(int Id, string Name)>> _branches = [];
    private int _ids = 100;

    private GitHubApi(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public List<JsonObject> Rulesets { get; } = [];

    /// <summary>What was changed: method, path and body.</summary>
    public ConcurrentQueue<(string Method, string Path, string Body)> Changes { get; } = new();

    /// <summary>The status that calls of this method get instead of an answer, with GitHub's words.</summary>
    public (string Method, int Status, string Body)? Refusal { get; set; }

    public bool HasTeams { get; set; } = true;

    /// <summary>GitHub keeps the bypass list from those who may not write it.</summary>
    public bool ShowsBypass { get; set; } = true;

    /// <summary>Whether the token stood in the arguments of a process during a call.</summary>
    public bool WasSeen { get; private set; }

    public static async Task<GitHubApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var api = new GitHubApi(app);
        app.Run(api.AnswerAsync);
        await app.StartAsync(TestTimeout.Token());
        return api;
    }

    public void AllowBranch(string environment, string branch) => Branches(environment).Add((_ids++, branch));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        WasSeen |= ProcessArguments.Find([Token]).Count > 0;
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var (method, path) = (context.Request.Method, context.Request.Path.Value!);
        if (context.Request.Headers.Authorization != $"Bearer {Token}")
        {
            await RespondAsync(context, 401, """{"message":"Bad credentials"}""");
            return;
        }

        if (Refusal is { } refusal && refusal.Method == method)
        {
            await RespondAsync(context, refusal.Status, refusal.Body);
            return;
        }

        if (method != "GET")
        {
            Changes.Enqueue((method, path, body));
        }

        var answer = Answer(method, path.Split('/', StringSplitOptions.RemoveEmptyEntries), body);
        await RespondAsync(context, answer is null ? 404 : method == "DELETE" ? 204 : 200, answer?.ToJsonString() ?? """{"message":"Not Found"}""");
    }

    private JsonNode? Answer(string method, string[] path, string body) => (method, path) switch
    {
        ("GET", ["orgs", "replyx", "teams", "realtime"]) when HasTeams => new JsonObject { ["id"] = 11, ["slug"] = "realtime" },
        ("GET", ["orgs", "replyx", "teams", "platform"]) when HasTeams => new JsonObject { ["id"] = 12, ["slug"] = "platform" },
        ("GET", ["repos", "replyx", "chat", "rulesets"]) => new JsonArray([.. Rulesets.Select(Summary)]),
        ("POST", ["repos", "replyx", "chat", "rulesets"]) => Keep(Object(body), _ids++),
        ("GET", ["repos", "replyx", "chat", "rulesets", var id]) => Shown(Rulesets.Single(ruleset => ruleset["id"]!.ToString() == id)),
        ("PUT", ["repos", "replyx", "chat", "rulesets", var id]) => Keep(Object(body), int.Parse(id, null)),
        ("GET", ["repos", "replyx", "chat", "environments", var name]) => _environments.TryGetValue(name, out var environment) ? AsShown(environment) : null,
        ("PUT", ["repos", "replyx", "chat", "environments", var name]) => AsShown(_environments[name] = Object(body)),
        ("GET", ["repos", "replyx", "chat", "environments", var name, "deployment-branch-policies"]) => new JsonObject
        {
            ["branch_policies"] = new JsonArray([.. Branches(name).Select(b => new JsonObject { ["id"] = b.Id, ["name"] = b.Name, ["type"] = "branch" })]),
        },
        ("POST", ["repos", "replyx", "chat", "environments", var name, "deployment-branch-policies"]) => Allow(name, Object(body)["name"]!.ToString()),
        ("DELETE", ["repos", "replyx", "chat", "environments", var name, "deployment-branch-policies", var id]) => Forbid(name, int.Parse(id, null)),
        _ => null,
    };

    private List<(int Id, string Name)> Branches(string environment) =>
        _branches.TryGetValue(environment, out var branches) ? branches : _branches[environment] = [];

    private JsonObject Allow(string environment, string branch)
    {
        AllowBranch(environment, branch);
        return [];
    }

    private JsonObject Forbid(string environment, int id)
    {
        Branches(environment).RemoveAll(branch => branch.Id == id);
        return [];
    }

    private JsonObject Keep(JsonObject ruleset, int id)
    {
        Rulesets.RemoveAll(other => (int)other["id"]! == id);
        ruleset["id"] = id;
        ruleset["source_type"] = "Repository";
        foreach (var rule in ruleset["rules"]!.AsArray())
        {
            if (rule!["type"]!.ToString() == "pull_request")
            {
                rule["parameters"]!["allowed_merge_methods"] = new JsonArray("merge", "squash", "rebase");
            }
        }

        ruleset["rules"] = new JsonArray([.. ruleset["rules"]!.AsArray().Reverse().Select(rule => rule!.DeepClone())]);
        Rulesets.Add(ruleset);
        return Shown(ruleset);
    }

    private JsonObject Shown(JsonObject ruleset)
    {
        var shown = ruleset.DeepClone().AsObject();
        if (!ShowsBypass)
        {
            shown.Remove("bypass_actors");
        }

        return shown;
    }

    private static JsonObject Summary(JsonObject ruleset) =>
        new() { ["id"] = (int)ruleset["id"]!, ["name"] = ruleset["name"]!.ToString(), ["target"] = ruleset["target"]!.ToString() };

    private static JsonObject AsShown(JsonObject environment)
    {
        var reviewers = environment["reviewers"]!.AsArray().Select(reviewer => new JsonObject
        {
            ["type"] = reviewer!["type"]!.ToString(),
            ["reviewer"] = new JsonObject { ["id"] = (int)reviewer["id"]!, ["slug"] = "a-team" },
        }).ToArray();
        var rules = new JsonArray(new JsonObject { ["id"] = 1, ["type"] = "branch_policy" });
        if (reviewers.Length > 0)
        {
            rules.Add(new JsonObject
            {
                ["id"] = 2,
                ["type"] = "required_reviewers",
                ["prevent_self_review"] = (bool)environment["prevent_self_review"]!,
                ["reviewers"] = new JsonArray(reviewers),
            });
        }

        return new JsonObject
        {
            ["id"] = 3,
            ["can_admins_bypass"] = true,
            ["protection_rules"] = rules,
            ["deployment_branch_policy"] = environment["deployment_branch_policy"]?.DeepClone(),
        };
    }

    private static JsonObject Object(string body) => JsonNode.Parse(body)!.AsObject();

    private static Task RespondAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return status == 204 ? Task.CompletedTask : context.Response.WriteAsync(body, context.RequestAborted);
    }
}
