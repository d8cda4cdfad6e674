using System.Diagnostics;
using System.Text.Json.Nodes;
using ReplyX.Testing;

namespace ReplyX.AppHost.Tests.Deploy;

/// <summary>
/// The blue-green deploy to Container Apps, against stand-ins of az, azd and curl that keep two container apps and write down what they are
/// told. That Azure does as they do is not tested here.
/// </summary>
public sealed class AzureBlueGreenTests : IDisposable
{
    private static readonly string _script = Repository.File("scripts", "deploy", "azure-blue-green.sh");

    private readonly TempDirectory _folder = new();

    public AzureBlueGreenTests()
    {
        RequiredTool.Path("jq");
        Directory.CreateDirectory(_folder.File("bin"));
        Directory.CreateDirectory(_folder.File("state"));
        foreach (var name in (string[])["az", "azd", "curl", "check"])
        {
            File.CreateSymbolicLink(_folder.File("bin", name), Repository.File("tests", "ReplyX.AppHost.Tests", "Deploy", "azure-stand-in.sh"));
        }

        File.WriteAllText(_folder.File("metrics"), "the metrics' token\n");
        File.WriteAllText(_folder.File("operations"), "the operations' token\n");
        foreach (var app in (string[])["realtime", "api"])
        {
            File.WriteAllText(State($"{app}.revisions"), $$$"""[{"name": "{{{app}}}--r1", "properties": {"active": true}}]""");
            File.WriteAllText(State($"{app}.json"), $$$"""
                {"name": "{{{app}}}", "properties": {"latestRevisionName": "{{{app}}}--r1", "latestReadyRevisionName": "{{{app}}}--r1",
                "configuration": {"activeRevisionsMode": "Multiple", "ingress": {"fqdn": "{{{app}}}.sea.example",
                "traffic": [{"latestRevision": true, "weight": 100}]} } } }
                """);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Deploys_switch_by_turns_and_a_rollback_goes_back()
    {
        var (code, output) = await RunAsync("deploy");

        Assert.True(code == 0, output);
        Assert.Equal(
            [
                // The first deploy of all finds the newest revision live, and pins it.
                "traffic realtime--r1", "label blue realtime--r1", "traffic api--r1", "label blue api--r1",
                "azd deploy realtime", "azd deploy api",
                "label green realtime--r2", "label green api--r2",
                "check https://realtime---green.sea.example https://api---green.sea.example",
                "traffic realtime--r2", "label green realtime--r2", "traffic api--r2", "label green api--r2",
                "check https://realtime.sea.example https://api.sea.example",
                "POST realtime--r1-pod-1-1-abc/drain", "POST realtime--r1-pod-2-1-abc/drain",
                "deactivate api--r1", "deactivate realtime--r1",
            ],
            Calls());
        Assert.Equal("[{revisionName: api--r2, label: green, weight: 100}]", await ValueAsync("AZURE_API_TRAFFIC"));
        Assert.Equal(("realtime--r2", "api--r2"), (Live("realtime"), Live("api")));
        Assert.DoesNotContain("token", File.ReadAllText(State("calls")), StringComparison.Ordinal);

        (code, output) = await RunAsync("deploy");
        Assert.True(code == 0, output);
        Assert.Equal(("realtime--r3", "api--r3"), (Live("realtime"), Live("api")));
        Assert.Equal("[{revisionName: realtime--r3, label: blue, weight: 100}]", await ValueAsync("AZURE_REALTIME_TRAFFIC"));

        File.Delete(State("calls"));
        (code, output) = await RunAsync("rollback");
        Assert.True(code == 0, output);
        Assert.Equal(
            [
                "activate api--r2", "activate realtime--r2", "traffic api--r2", "label green api--r2",
                "POST realtime--r2-pod-1-1-abc/undrain", "POST realtime--r2-pod-2-1-abc/undrain", "traffic realtime--r2", "label green realtime--r2",
                "check https://realtime.sea.example https://api.sea.example",
                "POST realtime--r3-pod-1-1-abc/drain", "POST realtime--r3-pod-2-1-abc/drain", "deactivate api--r3", "deactivate realtime--r3",
            ],
            Calls());
    }

    [Theory]
    [InlineData("api--r2.bad", "", "api--r2 is Failed Unhealthy Failed")]
    [InlineData("unwell", "---green", "message  it did not come back")]
    [InlineData("refused", "^azd deploy api", "azd deploy api")]
    public async Task What_fails_before_the_switch_changes_nothing_for_visitors(string file, string content, string reason)
    {
        File.WriteAllText(State(file), content);

        var (code, output) = await RunAsync("deploy");

        Assert.True(code == 2, output);
        Assert.Contains(reason, output, StringComparison.Ordinal);
        Assert.EndsWith("nothing changed for visitors\n", output, StringComparison.Ordinal);
        Assert.Equal(("realtime--r1", "api--r1"), (Live("realtime"), Live("api")));
        Assert.Contains("deactivate realtime--r2", Calls());
        Assert.DoesNotContain(Calls(), call => call.StartsWith("POST", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("unwell", "check https://realtime.sea.example", "failed")]
    [InlineData("unwell", "check https://realtime.sea.example", "ok failed ok failed failed failed")]
    [InlineData("refused", "revision-weight api--r2=100", "")]
    public async Task What_fails_after_it_goes_back_the_api_first(string file, string content, string looks)
    {
        File.WriteAllText(State(file), content);
        File.WriteAllText(State("unwell.times"), looks.Replace(' ', '\n'));

        var (code, output) = await RunAsync("deploy", "--watch", "60");

        Assert.True(code == 1, output);
        var calls = Calls();
        var back = calls.FindLastIndex(call => call == "traffic api--r1");
        Assert.True(back > calls.IndexOf("traffic realtime--r2"), output);
        Assert.InRange(calls.IndexOf("POST realtime--r1-pod-1-1-abc/undrain"), back, calls.FindLastIndex(call => call == "traffic realtime--r1"));
        Assert.Equal(["deactivate api--r2", "deactivate realtime--r2"], calls.TakeLast(2));
        Assert.Equal(("realtime--r1", "api--r1"), (Live("realtime"), Live("api")));
        Assert.Equal("[{revisionName: realtime--r1, label: blue, weight: 100}]", await ValueAsync("AZURE_REALTIME_TRAFFIC"));
    }

    [Fact]
    public async Task A_rollback_does_not_go_to_what_was_taken_back()
    {
        const string Look = "check https://realtime.sea.example";
        Assert.Equal(0, (await RunAsync("deploy")).Code);
        File.WriteAllText(State("unwell"), Look);
        File.WriteAllText(State("unwell.times"), "failed\nok\n");
        Assert.Equal(1, (await RunAsync("deploy")).Code);

        var (code, output) = await RunAsync("rollback");

        Assert.True(code == 0, output);
        Assert.Equal(("realtime--r1", "api--r1"), (Live("realtime"), Live("api")));
    }

    [Fact]
    public async Task A_rollback_with_nothing_to_go_to_changes_nothing()
    {
        File.WriteAllText(State("unwell"), "check https://realtime.sea.example");
        File.WriteAllText(State("unwell.times"), "failed\nok\n");
        Assert.Equal(1, (await RunAsync("deploy")).Code);
        File.Delete(State("calls"));

        var (code, output) = await RunAsync("rollback");

        Assert.True(code == 64, output);
        Assert.Contains("nothing to go back to", output, StringComparison.Ordinal);
        Assert.Empty(Calls());
        Assert.Equal(("realtime--r1", "api--r1"), (Live("realtime"), Live("api")));
    }

    [Fact]
    public async Task A_deploy_that_was_killed_between_its_switches_is_taken_back()
    {
        File.WriteAllText(State("killed"), "revision-weight api--r2=100");
        var (code, output) = await RunAsync("deploy");
        Assert.True(code == 137, output);
        Assert.Equal(("realtime--r2", "api--r1"), (Live("realtime"), Live("api")));
        File.Delete(State("calls"));

        (code, output) = await RunAsync("rollback");

        Assert.True(code == 0, output);
        Assert.Equal(("realtime--r1", "api--r1"), (Live("realtime"), Live("api")));
        Assert.Contains("deactivate realtime--r2", Calls());
        Assert.DoesNotContain(Calls(), call => call.Contains("api--r1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rollback_that_was_killed_between_its_switches_goes_on()
    {
        Assert.Equal(0, (await RunAsync("deploy")).Code);
        File.WriteAllText(State("killed"), "revision-weight realtime--r1=100");
        var (code, output) = await RunAsync("rollback");
        Assert.True(code == 137, output);
        Assert.Equal(("realtime--r2", "api--r1"), (Live("realtime"), Live("api")));

        (code, output) = await RunAsync("rollback");

        Assert.True(code == 0, output);
        Assert.Equal(("realtime--r1", "api--r1"), (Live("realtime"), Live("api")));
    }

    [Fact]
    public async Task A_way_back_that_fails_calls_for_people_and_stops_nothing()
    {
        File.WriteAllText(State("unwell"), "check https://realtime.sea.example");

        var (code, output) = await RunAsync("deploy");

        Assert.True(code == 3, output);
        Assert.Contains("people are needed", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Calls(), call => call.StartsWith("deactivate", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dry_run_says_it_all_and_does_nothing()
    {
        var (code, output) = await RunAsync("deploy", "--dry-run");

        Assert.True(code == 0, output);
        Assert.Empty(Calls());
        Assert.Contains("would run: azd deploy realtime --no-prompt", output, StringComparison.Ordinal);
        Assert.Contains("would run: az containerapp ingress traffic set --name api --resource-group rg-test --revision-weight api--new=100", output, StringComparison.Ordinal);
        Assert.False(File.Exists(State("env.AZURE_API_TRAFFIC")));
    }

    [Theory]
    [InlineData("--watch", "soon")]
    [InlineData("--api-url", "http://chat.example.com")]
    [InlineData("--colour", "blue")]
    public async Task Wrong_options_are_refused(string option, string value) => Assert.Equal(64, (await RunAsync("deploy", option, value)).Code);

    private string State(string file) => _folder.File("state", file);

    private async Task<string> ValueAsync(string variable) => await File.ReadAllTextAsync(State($"env.{variable}"), TestTimeout.Token());

    private string? Live(string app) => JsonNode.Parse(File.ReadAllText(State($"{app}.json")))!["properties"]!["configuration"]!["ingress"]!["traffic"]!
        .AsArray().Single(entry => (int)entry!["weight"]! == 100)!["revisionName"]?.ToString();

    // What was changed or checked, in few words.
    private List<string> Calls() => !File.Exists(State("calls")) ? [] : [.. File.ReadAllLines(State("calls")).Select(Short).Where(call => call.Length > 0)];

    private static string Short(string call)
    {
        var words = call.Split(' ');
        return words switch
        {
            ["az", "containerapp", "ingress", ..] => $"traffic {After("--revision-weight").Split('=')[0]}",
            ["az", _, "revision", "label", ..] => $"label {After("--label")} {After("--revision")}",
            ["az", _, "revision", "activate" or "deactivate", ..] => $"{words[3]} {After("--revision")}",
            ["azd", "deploy", ..] => $"azd deploy {words[2]}",
            ["check", var realtime, _, var api] => $"check {realtime} {api}",
            ["curl", ..] when words.Contains("POST") => $"POST {string.Join('/', words[^1].Split('/')[^2..])}",
            _ => "",
        };

        string After(string option) => words[Array.IndexOf(words, option) + 1];
    }

    private async Task<(int Code, string Output)> RunAsync(string command, params string[] options)
    {
        var start = new ProcessStartInfo(
            _script, [command, "--resource-group", "rg-test", "--check", _folder.File("bin", "check"), "--interval", "0.01", "--watch", "0", "--timeout", "0", .. options]);
        start.Environment["PATH"] = $"{_folder.File("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["STATE"] = _folder.File("state");
        start.Environment["METRICS_TOKEN_FILE"] = _folder.File("metrics");
        start.Environment["OPERATIONS_TOKEN_FILE"] = _folder.File("operations");
        return await Command.RunAsync(start);
    }
}
