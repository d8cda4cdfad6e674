using System.Net;

namespace ReplyX.Api.Tests.Problems;

public sealed class RoutingTests(SharedServers servers) : ApiTest(servers)
{
    [Theory]
    [InlineData("GET", "/nothing", 404, "not_found")]
    [InlineData("POST", "/api", 404, "not_found")]
    [InlineData("GET", "/api/widget/dialogs/1/messages/2", 404, "not_found")]
    [InlineData("DELETE", "/api/widget/dialogs", 405, "method_not_allowed")]
    [InlineData("OPTIONS", "/api/operator/sign-in", 405, "method_not_allowed")]
    [InlineData("GET", "/api/operator/sign-in", 405, "method_not_allowed")]
    [InlineData("PATCH", "/api/dialogs/1/messages", 405, "method_not_allowed")]
    [InlineData("BREW", "/api/dialogs", 405, "method_not_allowed")]
    public async Task An_unknown_address_or_method_is_a_problem(string method, string path, int status, string code)
    {
        var answer = await (await ApiAsync()).SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        answer.IsProblem(status, code);
    }

    [Fact]
    public async Task A_problem_is_a_problem_whatever_the_client_accepts()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/nothing");
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        (await (await ApiAsync()).SendAsync(request)).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task Answers_carry_security_headers_and_no_server_name()
    {
        var answer = await (await ApiAsync()).GetAsync("/nothing");
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task The_default_endpoints_answer()
    {
        var api = await ApiAsync();
        (await api.GetAsync("/health/ready")).Is(HttpStatusCode.OK);
        (await api.GetAsync("/alive")).Is(HttpStatusCode.OK);
    }
}
