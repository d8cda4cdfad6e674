using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ReplyX.Testing;

namespace ReplyX.LocalHosting.Tests.Support;

internal static class Host
{
    /// <summary>The test host's graph in this process, started and healthy.</summary>
    public static async Task<DistributedApplication> StartAsync(params string[] args)
    {
        var app = await StartOnlyAsync(args);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("second", TestTimeout.Token());
        return app;
    }

    public static async Task<DistributedApplication> StartOnlyAsync(params string[] args)
    {
        // Not disposed of: it would take its application along, which each test ends itself.
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ReplyX_LocalHosting_TestHost>(args, TestTimeout.Token());
        var app = await builder.BuildAsync(TestTimeout.Token());
        await app.StartAsync(TestTimeout.Token());
        return app;
    }

    public static int ProcessIdOf(this DistributedApplication app, string id)
    {
        Assert.True(app.ResourceNotifications.TryGetCurrentState(id, out var state), $"no state of {id}");
        return (int)state.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value!;
    }

    public static async Task<ResourceEvent> HealthyAgainAsync(this DistributedApplication app, string id) =>
        await app.ResourceNotifications.WaitForResourceHealthyAsync(id, WaitBehavior.WaitOnResourceUnavailable, TestTimeout.Token());
}
