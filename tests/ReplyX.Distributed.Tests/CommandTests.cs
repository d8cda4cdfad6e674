using System.Text.RegularExpressions;
using ReplyX.Client;
using ReplyX.Distributed.Tests.Graph;
using ReplyX.Testing;

namespace ReplyX.Distributed.Tests;

/// <summary>The commands by which a developer tries the demo from the dashboard.</summary>
[Collection(OnEmbeddedRedis.Name)]
public sealed partial class CommandTests(EmbeddedRedisGraph graph)
{
    [Fact]
    public async Task Whoever_Asks_For_The_Console_Can_Sign_In_To_It()
    {
        var said = await graph.CommandAsync("api", "console");

        var told = SignIn().Match(said!);
        Assert.True(told.Success, said);
        using var http = new HttpClient { BaseAddress = new Uri(told.Groups["address"].Value) };
        Assert.Contains("<title>", await http.GetStringAsync("/console", TestTimeout.Token()), StringComparison.Ordinal);
        Assert.True((await new ReplyXApiClient(http).SignInAsync(told.Groups["login"].Value, told.Groups["password"].Value, TestTimeout.Token())).Succeeded);
    }

    [Fact]
    public async Task A_Visitor_Who_Is_Let_Write_Waits_In_The_Console()
    {
        var said = await graph.CommandAsync("api", "demo");

        var dialog = long.Parse(Number().Match(said!).Value, System.Globalization.CultureInfo.InvariantCulture);
        using var http = new HttpClient { BaseAddress = graph.Api };
        var api = new ReplyXApiClient(http);
        var anna = new OperatorSession(api, (await api.SignInAsync("anna@demo.replyx.dev", GraphFixture.OperatorPassword, TestTimeout.Token())).Require());
        var found = Assert.Single((await anna.ReadDialogsAsync(TestTimeout.Token())).Require().Items, item => item.Id == dialog);
        Assert.Equal(HandoffState.Requested, found.Handoff);
    }

    [GeneratedRegex(@"^(?<address>http://\S+)/console: (?<login>\S+), password (?<password>.+)$")]
    private static partial Regex SignIn();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
