using ReplyX.Client.Tests.Server;

namespace ReplyX.Client.Tests.Connection;

/// <summary>A server that does at random everything that a server, a network or a log can do to a client.</summary>
public sealed class ChaosTests
{
    private const int Messages = 300;

    [Fact]
    public async Task Whatever_The_Server_Does_Every_Event_Comes_Once_And_In_Order()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var server = await ScriptedServer.StartAsync();
        for (var i = 0; i < 150; i++)
        {
            if (random.Next(5) == 0)
            {
                server.ThenRefuse(random.Next(2) == 0 ? 503 : 429);
            }
            else
            {
                var own = new Random(random.Next());
                server.Then(s => MisbehaveAsync(server, s, own));
            }
        }

        await using var watcher = await Watcher.ConnectAsync(Quick.Options(server, EventCursor.Start, history: true, eventCapacity: 16));
        for (var i = 0; i < Messages; i++)
        {
            var sent = await Wait.For(
                watcher.Connection.SendAsync($"message {i}", $"k{i}", TestContext.Current.CancellationToken), $"the answer to message {i}, seed {seed}");
            Assert.True(sent.Stored, $"seed {seed}");
            Assert.Equal(i + 1, sent.Seq);
        }

        await watcher.UntilAsync(Messages);
        Assert.True(server.Sockets.Count > 20, $"seed {seed}: only {server.Sockets.Count} sockets, so that nothing was tried");
        Assert.Equal(server.Log.Entries.Select(e => e.Text), watcher.All.OfType<MessageEvent>().Select(e => e.Text));
        Assert.Equal(Enumerable.Range(1, Messages).Select(i => (long)i), watcher.Seqs);
        Assert.DoesNotContain(watcher.All, e => e is GapEvent);
    }

    /// <summary>Serves a few frames with duplicates, inversions, omissions and lost answers, then ends in one of several ways.</summary>
    private static async Task MisbehaveAsync(ScriptedServer server, ServerSocket socket, Random random)
    {
        var at = EventCursor.Parse(socket.Cursor!).Seq;
        if (random.Next(4) == 0)
        {
            await socket.GreetAsync(false, server.Log.Head); // As if the log had been trimmed: the client has to read the history.
            at = server.Log.Entries.Count;
        }
        else
        {
            await socket.GreetAsync(true, socket.Cursor!);
        }

        for (var frames = random.Next(1, 12); frames > 0; frames--)
        {
            foreach (var entry in server.Log.Above(at).OrderBy(_ => random.Next(6) == 0 ? random.Next() : 0))
            {
                if (random.Next(8) == 0)
                {
                    continue;
                }

                for (var copies = random.Next(6) == 0 ? 2 : 1; copies > 0; copies--)
                {
                    await socket.SendAsync(entry.Json);
                }

                at = Math.Max(at, entry.Seq);
            }

            if (await socket.ReceiveAsync() is not { } text)
            {
                return;
            }

            using var frame = System.Text.Json.JsonDocument.Parse(text);
            var key = frame.RootElement.GetProperty("client_id").GetString()!;
            if (random.Next(6) == 0)
            {
                break; // Neither stored nor answered.
            }

            var stored = server.Log.Append(frame.RootElement.GetProperty("text").GetString()!, key);
            if (random.Next(6) == 0)
            {
                break; // Stored, and the answer is lost.
            }

            await socket.AckAsync(key, stored);
        }

        if (random.Next(2) == 0)
        {
            socket.Cut();
        }
        else
        {
            int[] codes = [1001, 1011, 1012, 1013, 4001, 4008, 4010];
            await socket.CloseAsync(codes[random.Next(codes.Length)]);
        }
    }
}
