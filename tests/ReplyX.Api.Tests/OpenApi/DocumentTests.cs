using System.Net;
using System.Text.RegularExpressions;

namespace ReplyX.Api.Tests.OpenApi;

public sealed partial class DocumentTests(SharedServers servers) : ApiTest(servers)
{
    private static readonly string[] _verbs = ["delete", "get", "patch", "post", "put"];

    [Fact]
    public async Task Every_operation_says_what_it_does_takes_and_may_refuse()
    {
        var document = (await (await ApiAsync()).GetAsync("/openapi/v1.json")).Is(HttpStatusCode.OK).Json;
        var schemas = document.GetProperty("components").GetProperty("schemas");
        Assert.True(schemas.GetProperty("Problem").GetProperty("properties").TryGetProperty("trace_id", out _));
        Assert.Equal(
            ["dialog", "guest", "metrics", "operator"],
            document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(scheme => scheme.Name).Order());

        var open = new List<string>();
        var count = 0;
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                count++;
                var name = $"{operation.Name} {path.Name}";
                Assert.Contains(operation.Name, _verbs);
                Assert.True(operation.Value.TryGetProperty("summary", out _), $"{name} has no summary");
                var responses = operation.Value.GetProperty("responses");
                Assert.True(
                    responses.GetProperty("503").GetProperty("content").TryGetProperty("application/problem+json", out var problem),
                    $"{name} does not say that it may be unavailable");
                Assert.Equal("#/components/schemas/Problem", problem.GetProperty("schema").GetProperty("$ref").GetString());
                if (operation.Value.TryGetProperty("requestBody", out var body))
                {
                    Assert.True(
                        body.GetProperty("content").GetProperty("application/json").TryGetProperty("example", out _), $"{name} has no example");
                }

                if (!operation.Value.TryGetProperty("security", out var security) || security.GetArrayLength() == 0)
                {
                    open.Add(name);
                }
            }
        }

        Assert.True(count >= 28, $"{count} operations");
        Assert.Equal(
        [
            "get /api/operator/oidc", "get /api/operator/oidc/{provider}/start", "post /api/data-jobs/look", "post /api/invitations/accept", "post /api/invitations/look",
            "post /api/operator/bot-token", "post /api/operator/sign-in", "post /api/validate-widget-token",
        ], open.Order());
    }

    [Fact]
    public async Task The_page_loads_nothing_from_elsewhere()
    {
        var api = await ApiAsync();
        var page = (await api.GetAsync("/")).Is(HttpStatusCode.OK);
        Assert.Equal("text/html", page.ContentType);
        Assert.Contains("ReplyX API", page.Text, StringComparison.Ordinal);

        var sources = Source().Matches(page.Text).Select(match => match.Groups[1].Value + match.Groups[2].Value).ToArray();
        Assert.NotEmpty(sources);
        foreach (var source in sources)
        {
            Assert.DoesNotContain("://", source, StringComparison.Ordinal);
            Assert.False(source.StartsWith("//", StringComparison.Ordinal));
            var script = (await api.GetAsync($"/docs/{source}")).Is(HttpStatusCode.OK);
            Assert.Equal("text/javascript", script.ContentType);
        }
    }

    [GeneratedRegex("""(?:src|href)="([^"]+)"|from '([^']+)'""")]
    private static partial Regex Source();
}
