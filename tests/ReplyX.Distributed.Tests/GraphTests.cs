using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Testing;
using ReplyX.Distributed.Tests.Graph;
using ReplyX.Testing;

namespace ReplyX.Distributed.Tests;

/// <summary>What the graph itself promises, whoever runs it.</summary>
public abstract class GraphTests
{
    private readonly GraphFixture _graph;

    protected GraphTests(GraphFixture graph)
    {
        graph.Require();
        _graph = graph;
    }

    [Theory]
    [InlineData("api", "/health/ready")]
    [InlineData("api", "/alive")]
    [InlineData("realtime", "/health/ready")]
    [InlineData("realtime", "/health/websocket")]
    public async Task Services_Answer_On_Their_Endpoints(string resource, string path)
    {
        using var client = _graph.App.CreateHttpClient(resource, "http");
        using var response = await client.GetAsync(path, TestTimeout.Token());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("api")]
    [InlineData("realtime")]
    public async Task Metrics_Are_Open_In_Development(string resource)
    {
        using var client = _graph.App.CreateHttpClient(resource, "http");
        using var response = await client.GetAsync("/metrics", TestTimeout.Token());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_Command_Makes_An_Account_And_Shows_The_Link_For_Its_Owner()
    {
        var said = await _graph.CommandAsync("api", "create-account");

        var link = new Uri(said!.Split(' ').Single(word => word.Contains('#')));
        Assert.Equal((_graph.Api.Authority, "/console/invitation"), (link.Authority, link.AbsolutePath));
        using var client = _graph.App.CreateHttpClient("api", "http");
        using var joined = await client.PostAsJsonAsync(
            "/api/invitations/accept",
            new { secret = link.Fragment[1..], name = "Olga", login = $"olga@{Guid.NewGuid():N}", password = "a password of hers", account_name = "Olga's" },
            TestTimeout.Token());
        var answer = await joined.Content.ReadFromJsonAsync<JsonElement>(TestTimeout.Token());
        Assert.True(joined.IsSuccessStatusCode, answer.ToString());
        Assert.Equal("owner", answer.GetProperty("operator").GetProperty("role").GetString());
    }

    [Fact]
    public async Task Data_Outlive_A_Restart_Of_Redis_In_A_Folder_Of_The_Test()
    {
        Assert.Equal("OK", await _graph.RedisAsync("SET", "graph-test", "kept"));

        await _graph.CommandAsync("redis", "restart");
        await _graph.WaitUntilHealthyAgainAsync("redis");

        Assert.Equal("kept", await _graph.RedisAsync("GET", "graph-test"));
        Assert.NotEmpty(Directory.EnumerateFiles(_graph.DataFolder, "*", SearchOption.AllDirectories));
        await _graph.UntilReadyAsync("realtime");
        await _graph.UntilReadyAsync("api");
    }
}

[Collection(OnRedisServer.Name)]
public sealed class GraphOnRedisServerTests(RedisServerGraph graph) : GraphTests(graph);

[Collection(OnEmbeddedRedis.Name)]
public sealed class GraphOnEmbeddedRedisTests(EmbeddedRedisGraph graph) : GraphTests(graph);
