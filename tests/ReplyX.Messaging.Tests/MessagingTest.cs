using Microsoft.Extensions.Hosting;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Tests.Archive;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests;

/// <summary>A test with a Redis server of its own and messaging on it; both end with the test.</summary>
public abstract class MessagingTest : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _started = new();
    private RedisServer? _server;

    public static TheoryData<RedisKind> Servers => [RedisKind.Redis, RedisKind.Garnet];

    private protected RedisServer Server => _server ?? throw new InvalidOperationException("No server was started.");

    private protected async Task<MessagingHost> StartAsync(
        RedisKind kind, TimeProvider? time = null, Action<HostApplicationBuilder>? configure = null)
    {
        await StartServerAsync(kind);
        return Keep(await MessagingHost.ConnectAsync(Server, time, configure));
    }

    /// <summary>Starts a server, and on it messaging with a log window that a test can fill.</summary>
    private protected async Task<ArchiveHost> StartArchiveAsync(
        RedisKind kind,
        TimeProvider? time = null,
        Func<IServiceProvider, IDialogArchive>? archive = null,
        params (string Name, string Value)[] settings)
    {
        await StartServerAsync(kind);
        return Keep(await ArchiveHost.ConnectAsync(Server, time, archive, settings));
    }

    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var last))
        {
            await last.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private protected async Task StartServerAsync(RedisKind kind) => _server = Keep(await RedisServer.StartAsync(kind));

    private protected T Keep<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Push(started);
        return started;
    }
}
