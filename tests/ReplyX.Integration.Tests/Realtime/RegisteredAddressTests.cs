using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Hosting;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Nodes;
using ReplyX.Realtime.Nodes;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>Where a node that listens everywhere says that it is found.</summary>
public sealed class RegisteredAddressTests
{
    [Fact]
    public async Task By_its_machines_name_or_where_names_are_in_no_DNS_by_an_address_at_which_others_reach_it()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var named = await RealtimeNode.StartAsync(redis, builder => builder.WebHost.UseUrls("http://*:0"));
        await using var numbered = await RealtimeNode.StartAsync(
            redis, builder => builder.WebHost.UseUrls("http://*:0"), ("Realtime:RegisterIPAddress", "true"));

        var nodes = await UntilBothAsync(named.Service<NodeRegistry>());

        // Uri compares hosts in lower case.
        var byName = Assert.Single(nodes, node => node.Address.Port == named.Url.Port);
        Assert.Equal(Environment.MachineName.ToLowerInvariant(), byName.Address.Host);

        var byAddress = Assert.Single(nodes, node => node.Address.Port == numbered.Url.Port).Address;
        Assert.SkipWhen(MachineAddress.Find() is null, "this machine has no network but itself");
        Assert.True(IPAddress.TryParse(byAddress.Host.Trim('[', ']'), out var address), $"{byAddress.Host} is no address");
        Assert.False(IPAddress.IsLoopback(address));
        using var http = new HttpClient { BaseAddress = byAddress };
        using var alive = await http.GetAsync(new Uri("/alive", UriKind.Relative), TestTimeout.Token());
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }

    private static async Task<IReadOnlyList<NodeReport>> UntilBothAsync(NodeRegistry registry)
    {
        var limit = Stopwatch.StartNew();
        while (true)
        {
            var nodes = await registry.ListAsync(TestTimeout.Token());
            if (nodes.Count == 2)
            {
                return nodes;
            }

            Assert.True(limit.Elapsed < TestTimeout.Default, $"waited for two nodes, and there are {nodes.Count}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
