using System.Diagnostics;
using System.Text.Json.Nodes;
using ReplyX.Testing;
using ReplyX.Workflows.Tests.Workflows;

namespace ReplyX.Workflows.Tests.Rulesets;

/// <summary>scripts/github/apply-ruleset.sh, on a stand-in of GitHub's API.</summary>
public sealed class ApplyRulesetTests
{
    public ApplyRulesetTests()
    {
        RequiredTool.Path("curl");
        RequiredTool.Path("jq");
    }

    [Fact]
    public async Task A_repository_is_brought_to_the_files_and_back_to_them_when_somebody_changed_it()
    {
        await using var api = await GitHubApi.StartAsync();

        // Looking changes nothing.
        var (code, output) = await ApplyAsync(api, "--check");
        Assert.Equal(1, code);
        Assert.Contains("Differs: there is no ruleset \"main\"", output, StringComparison.Ordinal);
        Assert.Contains("Differs: there is no environment \"production\"", output, StringComparison.Ordinal);
        (code, output) = await ApplyAsync(api, "--dry-run");
        Assert.Equal(0, code);
        Assert.Contains("Would be changed: there is no ruleset \"main\"", output, StringComparison.Ordinal);
        Assert.Empty(api.Changes);

        (code, output) = await ApplyAsync(api);
        Assert.True(code == 0, output);
        Assert.Contains("Created: ruleset \"main\"", output, StringComparison.Ordinal);
        Assert.Contains("Created: environment \"production\"", output, StringComparison.Ordinal);
        Assert.Contains("Created: environment \"production-rollback\"", output, StringComparison.Ordinal);
        await GitHubTakesAsync(api.Changes);
        api.Changes.Clear();

        // GitHub answers with more than it was given, in another order: that is no difference, and nothing is changed.
        (code, output) = await ApplyAsync(api);
        Assert.True(code == 0, output);
        Assert.Contains("As it should be: ruleset \"main\"", output, StringComparison.Ordinal);
        Assert.Empty(api.Changes);

        // Somebody lets administrators past, drops a rule, and lets every branch be deployed.
        var ruleset = api.Rulesets.Single();
        ruleset["bypass_actors"] = new JsonArray(new JsonObject { ["actor_id"] = 5, ["actor_type"] = "RepositoryRole", ["bypass_mode"] = "always" });
        ruleset["rules"]!.AsArray().RemoveAt(0);
        api.Rulesets.Insert(0, new JsonObject { ["id"] = 7, ["name"] = "another", ["target"] = "branch" });
        api.AllowBranch("production", "anything/*");
        (code, output) = await ApplyAsync(api, "--check");
        Assert.Equal(1, code);
        Assert.Contains("-      \"actor_type\": \"RepositoryRole\"", output, StringComparison.Ordinal);
        Assert.Contains("+        \"strict_required_status_checks_policy\": true", output, StringComparison.Ordinal);
        Assert.Contains("-    \"anything/*\"", output, StringComparison.Ordinal);
        Assert.Empty(api.Changes);

        (code, output) = await ApplyAsync(api);
        Assert.True(code == 0, output);
        Assert.Contains("Updated: ruleset \"main\"", output, StringComparison.Ordinal);
        Assert.Contains("Updated: environment \"production\"", output, StringComparison.Ordinal);
        Assert.Contains("As it should be: environment \"production-rollback\"", output, StringComparison.Ordinal);
        Assert.Equal(["another", "main"], api.Rulesets.Select(one => one["name"]!.ToString()));

        // A bypass list that the token may not see is not believed to be empty; all else is as it should be.
        api.ShowsBypass = false;
        (code, output) = await ApplyAsync(api, "--check");
        Assert.Equal(1, code);
        Assert.Contains("-  \"bypass_actors\": \"not shown to this token\"", output, StringComparison.Ordinal);
        Assert.Contains("As it should be: environment \"production\"", output, StringComparison.Ordinal);
        Assert.Equal(1, output.Split("Differs: ").Length - 1);
        Assert.False(api.WasSeen, "the token stood in the arguments of a process");
    }

    [Theory]
    [InlineData("GET", 403, """{"message":"Resource not accessible by personal access token"}""", 3, "Resource not accessible")]
    [InlineData("GET", 404, """{"message":"Not Found"}""", 3, "no team")]
    [InlineData("POST", 403, """{"message":"Upgrade to GitHub Pro or make this repository public to enable this feature."}""", 3, "Upgrade to GitHub Pro")]
    [InlineData("POST", 422, """{"message":"Validation Failed","errors":["Invalid rule 'pull_request'"]}""", 4, "Validation Failed; Invalid rule 'pull_request'")]
    [InlineData("GET", 502, "<html>Unicorn!</html>", 2, "502")]
    [InlineData("GET", 200, "<html>Sign in</html>", 2, "Is http")]
    public async Task What_GitHub_says_to_a_refusal_is_told(string method, int status, string body, int expected, string message)
    {
        await using var api = await GitHubApi.StartAsync();
        api.Refusal = (method, status, body);

        var (code, output) = await ApplyAsync(api);

        Assert.Equal(expected, code);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.DoesNotContain(GitHubApi.Token, output, StringComparison.Ordinal);
        Assert.Empty(api.Changes);
    }

    [Fact]
    public async Task What_is_wrong_with_the_call_is_said_before_anything_is_asked()
    {
        await using var api = await GitHubApi.StartAsync();

        foreach (var (expected, message, repository, token, arguments) in ((int, string, string, string, string[])[])
        [
            (3, "Bad credentials", "replyx/chat", "another", []),
            (64, "GITHUB_TOKEN is not set", "replyx/chat", "", []),
            (64, "OWNER/REPO", "replyx", GitHubApi.Token, []),
            (64, "No such option: --force", "replyx/chat", GitHubApi.Token, ["--force"]),
            (64, "is missing, or no JSON object", "replyx/chat", GitHubApi.Token, ["--ruleset", "/nowhere.json"]),
        ])
        {
            var (code, output) = await RunAsync(api.Url, repository, token, arguments);

            Assert.Equal(expected, code);
            Assert.Contains(message, output, StringComparison.Ordinal);
        }

        var (unreachable, said) = await RunAsync($"http://127.0.0.1:{FreePort.Next()}", "replyx/chat", GitHubApi.Token);
        Assert.Equal(2, unreachable);
        Assert.Contains("does not answer", said, StringComparison.Ordinal);
        Assert.Empty(api.Changes);
    }

    // By the description that GitHub publishes of its API.
    private static async Task GitHubTakesAsync(IEnumerable<(string Method, string Path, string Body)> changes)
    {
        using var folder = new TempDirectory();
        List<string> files = [];
        foreach (var (method, path, body) in changes)
        {
            var kind = (method, path.Split('/')) switch
            {
                ("POST", [.., "rulesets"]) => "ruleset",
                ("PUT", [.., "environments", _]) => "environment",
                ("POST", [.., "deployment-branch-policies"]) => "branch-policy",
                _ => throw new InvalidOperationException($"{method} {path} is not expected"),
            };
            files.Add(folder.File($"{kind}-of-{files.Count}.json"));
            await File.WriteAllTextAsync(files[^1], body, TestTimeout.Token());
        }

        Assert.Equal(5, files.Count);

        // A word that GitHub does not know is found, too: it would take the body, and do nothing about it.
        var seeded = folder.File("ruleset-of-seed.json");
        var text = await File.ReadAllTextAsync(files[0], TestTimeout.Token());
        await File.WriteAllTextAsync(seeded, text.Replace("minimum_approvals", "minimum_approval", StringComparison.Ordinal), TestTimeout.Token());

        var (_, output) = await PublishedSchema.CheckAsync([.. files, seeded]);

        Assert.Contains("must NOT have additional properties minimum_approval", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith(seeded, line, StringComparison.Ordinal));
    }

    private static Task<(int Code, string Output)> ApplyAsync(GitHubApi api, params string[] arguments) =>
        RunAsync(api.Url, "replyx/chat", GitHubApi.Token, arguments);

    private static async Task<(int Code, string Output)> RunAsync(string url, string repository, string token, params string[] arguments)
    {
        var start = new ProcessStartInfo(Repository.File("scripts", "github", "apply-ruleset.sh"), [repository, .. arguments]);
        start.Environment["GITHUB_API_URL"] = url;
        start.Environment["GITHUB_TOKEN"] = token;
        return await Command.RunAsync(start);
    }
}
