using ReplyX.Client;
using ReplyX.Testing;

namespace ReplyX.Deploy.Tests.LastRelease;

/// <summary>One version that runs: an Api and a node.</summary>
internal sealed class RunningVersion : IAsyncDisposable
{
    private readonly HttpClient _http;

    public RunningVersion(string name, string api, string realtime, IReadOnlyDictionary<string, string> environment)
    {
        Realtime = new ServiceProcess($"{name} realtime", realtime, environment);
        Api = new ServiceProcess($"{name} api", api, new Dictionary<string, string>(environment) { ["Realtime__PublicUrl"] = Realtime.Address.ToString() });
        _http = new HttpClient { BaseAddress = Api.Address };
        Client = new ReplyXApiClient(_http);
    }

    public ServiceProcess Api { get; }

    public ServiceProcess Realtime { get; }

    public ReplyXApiClient Client { get; }

    public RealtimeUrls Sockets => new(Realtime.Address);

    public Task StartAsync() => Task.WhenAll(Api.StartAsync(), Realtime.StartAsync());

    /// <summary>A visitor's connection to this version's node, whichever version the dialog began on.</summary>
    public ReplyXConnection Connect(VisitorSession visitor, EventCursor cursor) => new(new ReplyXConnectionOptions
    {
        Url = Sockets.Visitor(visitor.Dialog.Channel, visitor.Dialog.Id),
        TokenProvider = visitor.TokenProvider,
        Cursor = cursor,
        History = visitor,
    });

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await Realtime.DisposeAsync();
        _http.Dispose();
    }
}
