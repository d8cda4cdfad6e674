using System.Reflection;
using StackExchange.Redis;

namespace ReplyX.Validation.Services;

/// <summary>A Redis that is away, without the wait of finding that out. Services are put together, and ask it nothing that matters.</summary>
internal class NoRedis : DispatchProxy
{
    public static IConnectionMultiplexer Connection => Create<IConnectionMultiplexer, NoRedis>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var name = targetMethod?.Name ?? "";
        if (name == nameof(IAsyncDisposable.DisposeAsync))
        {
            return ValueTask.CompletedTask;
        }

        // Whoever listens for what the connection does hears nothing.
        return name == nameof(IDisposable.Dispose) || name.StartsWith("add_", StringComparison.Ordinal) || name.StartsWith("remove_", StringComparison.Ordinal)
            ? null
            : throw new RedisConnectionException(ConnectionFailureType.UnableToConnect, "There is no Redis.");
    }
}
