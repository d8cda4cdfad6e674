using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ReplyX.Realtime.Routes;

namespace ReplyX.Realtime.Tests.Routes;

public sealed class RouteTableTests
{
    [Fact]
    public void No_duplicate_endpoints_conflict()
    {
        var paths = SocketRoutes.All.Select(route => route.Path).ToList();

        Assert.Equal(["/ws/widget/dialogs/{id}", "/ws/site/dialogs/{id}", "/ws/dialogs/{id}", "/ws/dialogs"], paths);
        Assert.Equal(paths, paths.Distinct());
        Assert.Equal(["ws_connections", "ws_site_connections", "ws_connections", "ws_connections"], SocketRoutes.All.Select(route => route.Pool));
    }

    [Theory]
    [InlineData("/ws/site/dialogs/{id}", "/ws/site/dialogs/{dialogId}")]
    [InlineData("/ws/site/dialogs/{id}", "/WS/site/dialogs/{id:long}")]
    [InlineData("/ws/dialogs", "/ws/dialogs/")]
    public void Two_endpoints_for_one_path_stop_the_start(string first, string second)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Check(first, second));

        Assert.Contains("Two endpoints for one path", exception.Message, StringComparison.Ordinal);
        Assert.Contains("one", exception.Message, StringComparison.Ordinal);
        Assert.Contains("two", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Different_paths_do_not() => Check("/ws/site/dialogs/{id}", "/ws/widget/dialogs/{id}");

    private static void Check(string first, string second)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddRouting();
        var app = builder.Build();
        app.Map(first, _ => Task.CompletedTask).WithDisplayName("one");
        app.Map(second, _ => Task.CompletedTask).WithDisplayName("two");
        DuplicateEndpoints.ThrowIfAny(((IEndpointRouteBuilder)app).DataSources);
    }
}
