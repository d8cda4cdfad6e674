using Microsoft.Extensions.Hosting;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Tests.Archive;
using ReplyX.Messaging.Tests.Redis;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests;

/// <summary>A test with a Redis server of its own and messaging on it; both end with the test.</summary>
public abstract class MessagingTest : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _started = new();
    private RedisServer? _server;
    private string? _connectionString;
    private TempDirectory? _files;

    public static TheoryData<RedisKind> Servers => [RedisKind.Redis, RedisKind.Garnet, RedisKind.Cluster];

    /// <summary>Those that a test may kill, or whose files it may look at.</summary>
    public static TheoryData<RedisKind> SingleServers => [RedisKind.Redis, RedisKind.Garnet];

    /// <summary>Whether dialogs are spread (see <c>Messaging:SpreadDialogs</c>).</summary>
    private protected virtual bool IsSpread => false;

    /// <summary>Where an archive may be, and on which server.</summary>
    public static TheoryData<RedisKind, ArchiveStore> Archives => new()
    {
        { RedisKind.Redis, ArchiveStore.Redis },
        { RedisKind.Garnet, ArchiveStore.Redis },
        { RedisKind.Redis, ArchiveStore.Files },
        { RedisKind.Garnet, ArchiveStore.Files },
        { RedisKind.Cluster, ArchiveStore.Redis },
    };

    /// <summary>An archive in Redis, on Redis; with REPLYX_LONG_TESTS=1 on each server.</summary>
    public static TheoryData<RedisKind, ArchiveStore> InRedis =>
    [
        .. Archives.Where(one => one.Data.Item2 == ArchiveStore.Redis && (one.Data.Item1 == RedisKind.Redis || LongTests.AreOn)),
    ];

    /// <summary>Where a test cuts work off at each of its steps, which takes long: each kind of archive once, and the server that tears scripts.</summary>
    public static TheoryData<RedisKind, ArchiveStore> CutOff => new() { { RedisKind.Garnet, ArchiveStore.Redis }, { RedisKind.Redis, ArchiveStore.Files } };

    /// <summary>The archives, for dialogs that are not spread, and one for such as are.</summary>
    public static TheoryData<RedisKind, ArchiveStore, bool> ArchivesOfBoth
    {
        get
        {
            TheoryData<RedisKind, ArchiveStore, bool> both = [];
            foreach (var (kind, store) in Archives.Select(one => one.Data))
            {
                both.Add(kind, store, false);
            }

            both.Add(RedisKind.Redis, ArchiveStore.Files, true);
            both.Add(RedisKind.Cluster, ArchiveStore.Redis, true);
            return both;
        }
    }

    /// <summary>Those of them whose server a test may kill, or whose keys it may list.</summary>
    public static TheoryData<RedisKind, ArchiveStore> SingleArchives =>
        [.. Archives.Where(one => one.Data.Item1 != RedisKind.Cluster)];

    /// <summary>The folder of an archive in files.</summary>
    private protected string Files => (_files ??= new TempDirectory()).File("archive");

    private protected RedisServer Server => _server ?? throw new InvalidOperationException("No server was started.");

    private protected string ConnectionString => _connectionString ?? throw new InvalidOperationException("No server was started.");

    private protected async Task<MessagingHost> StartAsync(
        RedisKind kind, TimeProvider? time = null, Action<HostApplicationBuilder>? configure = null)
    {
        await StartServerAsync(kind);
        return Keep(await MessagingHost.ConnectAsync(ConnectionString, time, configure, IsSpread));
    }

    /// <summary>Starts a server, and on it messaging with a log window that a test can fill.</summary>
    private protected async Task<ArchiveHost> StartArchiveAsync(
        RedisKind kind,
        ArchiveStore store,
        TimeProvider? time = null,
        Func<IServiceProvider, IDialogArchive>? archive = null,
        params (string Name, string Value)[] settings)
    {
        await StartServerAsync(kind);
        return Keep(await ConnectArchiveAsync(store, time, archive, settings));
    }

    /// <summary>One more process on the same server and archive.</summary>
    private protected Task<ArchiveHost> ConnectArchiveAsync(
        ArchiveStore store,
        TimeProvider? time = null,
        Func<IServiceProvider, IDialogArchive>? archive = null,
        params (string Name, string Value)[] settings) =>
        ArchiveHost.ConnectAsync(ConnectionString, store == ArchiveStore.Files ? Files : null, time, archive, cut: null, IsSpread, settings);

    /// <summary>One more process, which is cut off at a point.</summary>
    private protected Task<ArchiveHost> ConnectArchiveAsync(ArchiveStore store, TimeProvider time, CutConnection.CutPoint cut) =>
        ArchiveHost.ConnectAsync(ConnectionString, store == ArchiveStore.Files ? Files : null, time, archive: null, cut, IsSpread);

    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var last))
        {
            await last.DisposeAsync();
        }

        _files?.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task StartServerAsync(RedisKind kind, params string[] extraArguments)
    {
        if (kind == RedisKind.Cluster)
        {
            Keep(await RedisCluster.RentAsync());
            _connectionString = RedisCluster.ConnectionString;
            return;
        }

        _server = Keep(await RedisServer.StartAsync(kind, extraArguments));
        _connectionString = _server.ConnectionString;
    }

    private protected T Keep<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Push(started);
        return started;
    }
}
