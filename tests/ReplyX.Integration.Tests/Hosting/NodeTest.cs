using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Hosting;

/// <summary>A test with a Redis server and a node of its own; both end with the test.</summary>
/// <param name="settings">The node's settings.</param>
public abstract class NodeTest(params (string Key, string Value)[] settings) : IAsyncLifetime
{
    private RedisServer? _redis;
    private RealtimeNode? _node;

    private protected RedisServer Redis => _redis ?? throw new InvalidOperationException("No server was started.");

    private protected RealtimeNode Node => _node ?? throw new InvalidOperationException("No node was started.");

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync(RedisKind.Redis);
        _node = await RealtimeNode.StartAsync(_redis, settings);
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
