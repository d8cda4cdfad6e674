using ReplyX.Validation.Routing;
using ReplyX.Validation.Services;

namespace ReplyX.Validation.Tests.Routing;

public sealed class ClientTests(Reality reality)
{
    private static readonly ClientsAskForKnownPaths _known = new();

    private Subject Subject => reality.Subject;

    [Theory]
    [InlineData("clients/js/src/seeded.js", "const path = `/ws/visitor/dialogs/${id}`;", "/ws/visitor/dialogs/${id}")]
    [InlineData("ReplyX.Api/wwwroot/console/seeded.js", "new OperatorSubject('/ws/dialog')", "/ws/dialog")]
    [InlineData("docs/perf/seeded.js", "ws.connect(`${REALTIME_URL}/ws/widget/${id}`)", "/ws/widget/${id}")]
    [InlineData("scripts/seeded.sh", "upgrade \"$path/ws/$mode/dialog/$dialog\"", "/ws/$mode/dialog/$dialog")]
    [InlineData("deploy/nginx/seeded.conf", "location ~ ^/ws/admin/ {", "/ws/admin/")]
    [InlineData("ReplyX.Client/Seeded.cs", "class Seeded { string path = $\"ws/{mode}/dialog/{id}\"; }", "/ws/{}/dialog/{}")]
    [InlineData("samples/Replay/Seeded.cs", "class Seeded { string path = \"/ws/dialogs/1/2\"; }", "/ws/dialogs/1/2")]
    public void A_path_that_no_route_has_is_named(string file, string text, string path) =>
        Assert.Equal($"{file}:2: {path} is a path that no route has", Assert.Single(Subject.With(file, "\n" + text + "\n").Faults(_known)));

    [Fact]
    public void An_address_of_another_path_is_named()
    {
        const string Client = "ReplyX.Client/Connection/RealtimeUrls.cs";
        var seeded = Subject.With(graph => graph with { Addresses = [new MadeAddress(Client, "site", "/ws/widget/dialogs/1")] });

        Assert.Equal(
            $"{Subject.PlaceOf(Client, "ws/")}: /ws/widget/dialogs/1 is made for site, whose path is /ws/site/dialogs/{{id}}", Assert.Single(seeded.Faults(_known)));
    }
}
