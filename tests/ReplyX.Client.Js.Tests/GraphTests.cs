using ReplyX.Recorder.Cluster;
using ReplyX.Testing;

namespace ReplyX.Client.Js.Tests;

/// <summary>The JavaScript client on a real Redis, Api and two realtime nodes. What is asked of it stands in <c>clients/js/test/graph</c>.</summary>
public sealed class GraphTests
{
    [Fact]
    public async Task It_does_on_the_real_services_what_its_tests_ask()
    {
        await NodeTool.PrepareAsync();
        await using var cluster = await RecordedCluster.StartAsync(RedisKind.Redis);
        await NodeTool.RunAsync(
            new Dictionary<string, string>
            {
                ["REPLYX_API"] = cluster.Api.Address.ToString(),
                ["REPLYX_OPERATOR_PASSWORD"] = cluster.OperatorPassword,
            },
            ["--test", .. PackageTests.Tests("graph")]);
    }
}
