using ReplyX.Integration.Tests.Hosting;
using ReplyX.Realtime.Delivery;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

public sealed class AllocationTests
{
    [Fact]
    public async Task A_delivery_allocates_nothing()
    {
        const int Sockets = 40;
        const int Events = 500;
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Logging:LogLevel:Default", "Warning"));
        var (dialog, token) = await node.OpenDialogAsync();
        var sockets = new List<CountingSocket>();
        for (var i = 0; i < Sockets; i++)
        {
            sockets.Add(await CountingSocket.OpenAsync(node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token));
        }

        // The first ones are compiled, and fill what grows to its size once.
        await DeliverAsync(Events);
        var before = await AllocatedAsync();
        await DeliverAsync(Events);
        var allocated = await AllocatedAsync() - before;

        // What a loop does once a second is 152 bytes; after a collection the runtime counts all 8 KiB that it gives a thread to allocate in.
        Assert.True(allocated < Sockets * Events, $"{allocated} bytes for {Sockets * Events} deliveries");
        foreach (var socket in sockets)
        {
            await socket.DisposeAsync();
        }

        async Task DeliverAsync(int events)
        {
            for (var i = 0; i < events; i++)
            {
                await node.SayAsync(dialog, "hello");
                foreach (var socket in sockets)
                {
                    await socket.ReceiveAsync();
                }
            }
        }

        async Task<long> AllocatedAsync()
        {
            var loop = node.Service<DeliveryLoops>().Of(dialog);
            return await loop.InvokeAsync(GC.GetAllocatedBytesForCurrentThread);
        }
    }
}
