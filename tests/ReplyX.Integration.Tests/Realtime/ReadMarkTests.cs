using System.Text.Json;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.PubSub;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

public sealed class ReadMarkTests() : NodeTest(("Realtime:SendTimeout", "00:00:30"))
{
    [Fact]
    public async Task A_socket_is_told_how_far_everybody_has_read_before_it_came()
    {
        var (dialog, token) = await Node.OpenDialogAsync();
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        var last = await Node.SayAsync(dialog, "hello");
        await using var first = (await TestSocket.OpenAsync(Node.Url, path, token)).Socket;
        await ReadAsync(dialog, Sender.Manager, 2);
        await ReadAsync(dialog, Sender.User, 1);
        Assert.Equal("read", (await first.ReceiveAsync()).GetProperty("type").GetString());
        Assert.Equal("read", (await first.ReceiveAsync()).GetProperty("type").GetString());

        // On a channel that heard it, on one that begins, with a cursor and without.
        await using var other = await RealtimeNode.StartAsync(Redis);
        foreach (var node in (RealtimeNode[])[Node, other])
        {
            foreach (var cursor in (string?[])[null, "0-0", last.Cursor.ToString()])
            {
                var (socket, connected) = await TestSocket.OpenAsync(node.Url, path, token, cursor);
                await using var closing = socket;
                Assert.Equal("""{"user":1,"manager":2,"assistant":0}""", connected.GetProperty("read").GetRawText());
            }
        }

        var (list, greeting) = await TestSocket.OpenAsync(Node.Url, "/ws/dialogs", Node.OperatorToken());
        await using var closingList = list;
        Assert.False(greeting.TryGetProperty("read", out _));
    }

    [Fact]
    public async Task What_is_read_amid_a_replay_is_told_after_it()
    {
        var (dialog, token) = await Node.OpenDialogAsync();
        for (var i = 0; i < 400; i++)
        {
            await Node.SayAsync(dialog, new string('x', 4_000));
        }

        // Read by nobody until the mark has moved: of 1.6 MB the connection takes the beginning only, so that the seam is not reached.
        await using var slow = await TestSocket.ConnectAsync(Node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token, "0-0");
        await using var watcher = (await TestSocket.OpenAsync(Node.Url, $"/ws/dialogs/{dialog.DialogId}", Node.OperatorToken())).Socket;
        await ReadAsync(dialog, Sender.Manager, 300);
        await watcher.ReceiveAsync("the mark");

        var connected = await slow.ReceiveAsync();
        Assert.True(connected.GetProperty("recovered").GetBoolean());
        var mark = connected.GetProperty("read").GetProperty("manager").GetInt64();
        for (var seen = 0; seen < 401 || mark < 300;)
        {
            var next = await slow.ReceiveAsync("the rest of the replay and the mark");
            if (next.GetProperty("type").GetString() == "read")
            {
                mark = next.GetProperty("last_read").GetInt64();
            }
            else
            {
                Assert.Equal(++seen, next.GetProperty("seq").GetInt64());
            }
        }
    }

    [Fact]
    public async Task What_is_read_while_the_feed_was_lost_is_told_when_it_is_back()
    {
        var (dialog, token) = await Node.OpenDialogAsync();
        await Node.SayAsync(dialog, "hello");
        await using var socket = (await TestSocket.OpenAsync(Node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token)).Socket;

        // As if the mark had moved while nobody heard: in the dialog and not on the channel.
        await Node.Service<StackExchange.Redis.IConnectionMultiplexer>().GetDatabase()
            .HashSetAsync(Backplane.ChannelOf(dialog), "read_manager", 2);
        await Redis.RestartAsync();

        JsonElement next;
        do
        {
            next = await socket.ReceiveAsync("the mark");
        }
        while (next.GetProperty("type").GetString() == "error");
        Assert.Equal(("read", 2), (next.GetProperty("type").GetString(), next.GetProperty("last_read").GetInt32()));
    }

    [Fact]
    public async Task Lists_on_every_node_hear_who_reads_who_takes_over_and_who_the_visitor_is()
    {
        await using var other = await RealtimeNode.StartAsync(Redis);
        var (dialog, _) = await Node.OpenDialogAsync();
        var owner = (await Node.Dialogs.FindAsync(dialog, TestTimeout.Token()))!.Owner;
        await using var colleague = (await TestSocket.OpenAsync(other.Url, "/ws/dialogs", other.OperatorToken())).Socket;
        await using var stranger = (await TestSocket.OpenAsync(other.Url, "/ws/dialogs", other.OperatorToken("other"))).Socket;
        await using var person = (await TestSocket.OpenAsync(Node.Url, $"/ws/dialogs/{dialog.DialogId}", Node.OperatorToken())).Socket;

        await Node.SayAsync(dialog, "hello");
        var appeared = await colleague.ReceiveAsync();
        Assert.Equal(("dialog_new", 2), (appeared.GetProperty("type").GetString(), appeared.GetProperty("unread").GetInt32()));
        await person.SendAsync("""{"type":"read","seq":2}""");
        var read = await colleague.ReceiveAsync();
        Assert.Equal(
            ("dialog_read", "manager", 2, 0, dialog.DialogId),
            (read.GetProperty("type").GetString(), read.GetProperty("sender").GetString(), read.GetProperty("last_read").GetInt32(), read.GetProperty("unread").GetInt32(), read.GetProperty("dialog_id").GetInt64()));
        Assert.False(read.TryGetProperty("cursor", out _));

        await Node.Dialogs.NoteVisitorAsync(dialog, owner, new VisitorNote { Name = "Ann" }, TestTimeout.Token());
        var visitor = await colleague.ReceiveAsync();
        Assert.Equal(("dialog_visitor", "Ann"), (visitor.GetProperty("type").GetString(), visitor.GetProperty("visitor").GetProperty("name").GetString()));

        foreach (var step in (HandoffStep[])[HandoffStep.Request, HandoffStep.Takeover])
        {
            await Node.Log.AppendHandoffAsync(
                dialog, owner, step, IdempotencyKey.Unique("o.anna"), Sender.Manager, "anna", "Anna", TestTimeout.Token());
        }

        Assert.True((await colleague.ReceiveAsync()).GetProperty("waiting_since").ValueKind == JsonValueKind.String);
        var taken = await colleague.ReceiveAsync();
        Assert.Equal(("handoff_started", "Anna", "anna"), (taken.GetProperty("event").GetString(), taken.GetProperty("operator").GetString(), taken.GetProperty("operator_id").GetString()));

        // Another account's list hears nothing of all this.
        await stranger.SendAsync("__ping__");
        Assert.Equal("__pong__", await stranger.ReceiveTextAsync());
    }

    private async Task ReadAsync(StreamKey dialog, Sender side, long seq) =>
        Assert.True(await Node.Log.MarkReadAsync(dialog, side == Sender.User ? "g.x" : "o.anna", side, seq, TestTimeout.Token()));
}
