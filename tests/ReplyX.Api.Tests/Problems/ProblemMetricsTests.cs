using System.Net;

namespace ReplyX.Api.Tests.Problems;

/// <summary>An exporter reads all meters of its process, and loses what one of them measured when another test's service ends.</summary>
[CollectionDefinition(nameof(ProblemMetricsTests), DisableParallelization = true)]
public sealed class ProblemMetricsAlone;

[Collection(nameof(ProblemMetricsTests))]
public sealed class ProblemMetricsTests(SharedServers servers) : ApiTest(servers)
{
    [Fact]
    public async Task Problems_are_counted()
    {
        await using var api = await StartApiAsync();
        await api.GetAsync("/nothing");
        Assert.Contains("replyx_api_problems", (await api.GetAsync("/metrics")).Is(HttpStatusCode.OK).Text, StringComparison.Ordinal);
    }
}
