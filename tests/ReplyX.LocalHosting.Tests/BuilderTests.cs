using Aspire.Hosting.Testing;
using ReplyX.LocalHosting.Tests.Support;
using ReplyX.Testing;

namespace ReplyX.LocalHosting.Tests;

/// <summary>The testing builder lives and dies as Aspire's does.</summary>
public sealed class BuilderTests
{
    [Fact]
    public async Task A_Builder_That_Is_Disposed_Of_Takes_Its_Application_Along()
    {
        var builder = await CreateAsync();
        var app = await builder.BuildAsync(TestTimeout.Token());
        await app.StartAsync(TestTimeout.Token());
        await app.ResourceNotifications.WaitForResourceHealthyAsync("second", TestTimeout.Token());
        var process = System.Diagnostics.Process.GetProcessById(app.ProcessIdOf("first"));

        await builder.DisposeAsync();

        await process.WaitForExitAsync(TestTimeout.Token()).Within("the first to end");
        Assert.Throws<ObjectDisposedException>(() => app.GetEndpoint("first"));
        Assert.Throws<ObjectDisposedException>(() => app.CreateHttpClient("first"));
        Assert.Throws<ObjectDisposedException>(() => app.ResourceNotifications);
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_Builder_That_Never_Built_Lets_The_Entry_Point_Go()
    {
        var builder = await CreateAsync();

        await builder.DisposeAsync().AsTask().Within("the builder to end");
    }

    [Fact]
    public async Task Resources_Have_No_Address_Before_The_Application_Has_Started()
    {
        await using var builder = await CreateAsync();
        await using var app = await builder.BuildAsync(TestTimeout.Token());

        Assert.Throws<InvalidOperationException>(() => app.GetEndpoint("first"));
    }

    private static Task<IDistributedApplicationTestingBuilder> CreateAsync() =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.ReplyX_LocalHosting_TestHost>(TestTimeout.Token());
}
