using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.Streams;
using ReplyX.Realtime.Connections;
using ReplyX.Testing;

namespace ReplyX.Realtime.Tests.Connections;

public sealed class PoolCountsTests
{
    [Fact]
    public void The_sketch_is_of_the_dialogs_that_have_sockets_however_those_come_and_go()
    {
        var random = Seed.Random();
        var pool = new PoolCounts("ws_connections");
        List<StreamKey> sockets = [];
        for (var i = 0; i < 20_000; i++)
        {
            if (sockets.Count == 0 || random.NextDouble() < 0.6)
            {
                // A feed's sockets count, and are on no dialog.
                sockets.Add(random.Next(10) == 0 ? StreamKey.ForFeed("acme") : StreamKey.ForDialog("acme", random.Next(1, 4_000)));
                pool.Add(sockets[^1]);
            }
            else
            {
                var at = random.Next(sockets.Count);
                pool.Remove(sockets[at]);
                sockets.RemoveAt(at);
            }

            if (i % 1_000 == 0)
            {
                AssertIsOf(sockets, pool.Snapshot());
            }
        }

        AssertIsOf(sockets, pool.Snapshot());
        sockets.ForEach(pool.Remove);
        AssertIsOf([], pool.Snapshot());
    }

    private static void AssertIsOf(List<StreamKey> sockets, PoolSnapshot snapshot)
    {
        var dialogs = sockets.Where(stream => !stream.IsFeed).Distinct().Select(DialogSketch.Hash).Order().ToArray();
        Assert.Equal(sockets.Count, snapshot.Connections);
        Assert.Equal(dialogs.Length, snapshot.Dialogs);
        Assert.Equal(dialogs.Take(DialogSketch.Size), snapshot.Sketch.Smallest.ToArray());
        Assert.Equal(dialogs.Length <= DialogSketch.Size, snapshot.Sketch.IsWhole);
    }
}
