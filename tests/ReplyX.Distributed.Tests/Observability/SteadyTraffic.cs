using ReplyX.Client;
using ReplyX.Distributed.Tests.Graph;
using ReplyX.Testing;

namespace ReplyX.Distributed.Tests.Observability;

/// <summary>A visitor who stays, and conversations one after the other.</summary>
internal sealed class SteadyTraffic : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly ReplyXConnection _socket;
    private readonly Task _running;

    private SteadyTraffic(GraphFixture graph, ReplyXConnection socket)
    {
        _socket = socket;
        _running = RunAsync(graph);
    }

    public static async Task<SteadyTraffic> StartAsync(GraphFixture graph)
    {
        using var http = new HttpClient { BaseAddress = graph.Api };
        var api = new ReplyXApiClient(http);
        var visitor = new VisitorSession(api, (await api.OpenWidgetDialogAsync("demo", cancellationToken: TestTimeout.Token())).Require());
        var socket = new ReplyXConnection(visitor.ConnectionOptions());
        await socket.ConnectAsync(TestTimeout.Token());
        return new SteadyTraffic(graph, socket);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        await _socket.DisposeAsync();
        _end.Dispose();
    }

    private async Task RunAsync(GraphFixture graph)
    {
        while (!_end.IsCancellationRequested)
        {
            await new GraphTraffic(graph).RunAsync();
            await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
        }
    }
}
