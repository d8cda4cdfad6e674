using ReplyX.Client.Tests.Server;

namespace ReplyX.Client.Tests.Outbox;

public sealed class SendTests : ConnectionTest
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Message_Is_Answered_With_Its_Place()
    {
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server));

        var sent = await Wait.For(watcher.Connection.SendAsync("hello", "k1", Stop), "the answer");

        Assert.True(sent.Stored);
        Assert.Equal((Server.Log.Head, 1L, false), (sent.Cursor.ToString(), sent.Seq, sent.Duplicate));
        Assert.Equal(("hello", "k1"), (Server.Log.Entries[0].Text, Server.Log.Entries[0].ClientId));
    }

    [Fact]
    public async Task An_Answer_That_Never_Came_Is_Asked_For_Again_Under_The_Same_Key()
    {
        Server.Then(async s =>
        {
            await s.GreetAsync(true, "0-0");
            var message = await s.ReceiveAsync("message");
            Server.Log.Append(message.GetProperty("text").GetString()!, message.GetProperty("client_id").GetString());
            s.Cut(); // Stored, and the answer is lost.
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, EventCursor.Start));

        var sent = await Wait.For(watcher.Connection.SendAsync("once", "k1", Stop), "the answer");
        await watcher.UntilAsync(1);

        Assert.True(sent.Stored && sent.Duplicate);
        Assert.Single(Server.Log.Entries);
        Assert.Equal([1], watcher.Seqs);
    }

    [Fact]
    public async Task An_Answer_That_Is_Older_Than_Its_Key_Is_Looked_For_In_The_History()
    {
        Server.Log.Append(5);
        Server.Then(async s =>
        {
            await s.GreetAsync(true, Server.Log.Head);
            var message = await s.ReceiveAsync("message");
            Server.Log.Append(message.GetProperty("text").GetString()!, message.GetProperty("client_id").GetString());
            Server.Log.Append(25); // More than two pages behind it.
            Server.Log.ExpireKeys();
            Server.Log.HistoryProblems.Enqueue(new ApiProblem(503, "store_unavailable"));
            s.Cut(); // Stored, and the answer is lost.
        });
        await using var watcher = await Watcher.ConnectAsync(
            Quick.Options(Server, EventCursor.Parse(Server.Log.Head), history: true, keyLifetime: TimeSpan.FromTicks(1)));

        var sent = await Wait.For(watcher.Connection.SendAsync("once", "k1", Stop), "the answer");

        Assert.True(sent.Stored && sent.Duplicate);
        Assert.Equal(6, sent.Seq);
        Assert.Single(Server.Log.Entries, e => e.ClientId == "k1");
    }

    [Fact]
    public async Task What_The_History_Does_Not_Have_Is_Sent_Again_Before_Its_Successors()
    {
        Server.Log.Append("another's", "k1");
        Server.Log.ExpireKeys();
        Server.Then(async s =>
        {
            await s.GreetAsync(true, Server.Log.Head);
            await s.ReceiveAsync("message");
            s.Cut(); // Not stored.
        });
        await using var watcher = await Watcher.ConnectAsync(
            Quick.Options(Server, EventCursor.Start, history: true, keyLifetime: TimeSpan.FromTicks(1)));

        var first = watcher.Connection.SendAsync("first", "k1", Stop);
        var second = watcher.Connection.SendAsync("second", "k2", Stop);

        Assert.Equal((2L, false), ((await Wait.For(first, "the first answer")).Seq, (await first).Duplicate));
        Assert.Equal(3, (await Wait.For(second, "the second answer")).Seq);
        Assert.True(Server.Log.HistoryReads > 0);
    }

    [Fact]
    public async Task Without_A_History_A_Message_Older_Than_Its_Key_Is_Not_Sent_Twice()
    {
        Server.Then(async s =>
        {
            await s.GreetAsync(true, "0-0");
            var message = await s.ReceiveAsync("message");
            Server.Log.Append(message.GetProperty("text").GetString()!, message.GetProperty("client_id").GetString());
            Server.Log.ExpireKeys();
            s.Cut();
        });
        await using var watcher = await Watcher.ConnectAsync(
            Quick.Options(Server, EventCursor.Start, keyLifetime: TimeSpan.FromTicks(1)));

        var sent = await Wait.For(watcher.Connection.SendAsync("once", "k1", Stop), "the answer");

        Assert.Equal((SendErrorCodes.KeyExpired, true), (sent.Error!.Code, sent.Error.MayBeStored));
        Assert.Single(Server.Log.Entries);
    }

    [Fact]
    public async Task A_Message_Sent_Without_A_Socket_Waits_For_One()
    {
        Server.ThenRefuse(503).ThenRefuse(503);
        await using var watcher = new Watcher(Quick.Options(Server));
        var first = watcher.Connection.SendAsync("before it was started", null, Stop);

        var connecting = watcher.Connection.ConnectAsync(Stop);
        var second = watcher.Connection.SendAsync("while it connects", null, Stop);

        Assert.Equal((1L, 2L), ((await Wait.For(first, "the first answer")).Seq, (await Wait.For(second, "the second answer")).Seq));
        await connecting;
    }

    [Fact]
    public async Task A_Refused_Message_Is_A_Result()
    {
        Server.Then(async s =>
        {
            await s.GreetAsync(false, "0-0");
            await s.ReceiveAsync("message");
            await s.ErrorAsync("k1", "text_too_long");
            await s.StayOpenAsync();
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server));

        var sent = await Wait.For(watcher.Connection.SendAsync("too long", "k1", Stop), "the answer");

        Assert.False(sent.Stored);
        Assert.Equal(("text_too_long", false), (sent.Error!.Code, sent.Error.MayBeStored));
    }

    [Fact]
    public async Task What_The_Server_Asks_For_Later_Comes_Later_And_Before_Its_Successors()
    {
        var time = new WatchedTime();
        Server.Then(async s =>
        {
            await s.GreetAsync(false, "0-0");
            await s.ReceiveAsync("message");
            await s.ErrorAsync("k1", "backplane_unavailable", retryAfterMs: 4000);
            for (var i = 0; i < 2; i++)
            {
                var message = await s.ReceiveAsync("message");
                var key = message.GetProperty("client_id").GetString()!;
                await s.AckAsync(key, Server.Log.Append(message.GetProperty("text").GetString()!, key));
            }

            await s.StayOpenAsync();
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, time: time));
        var first = watcher.Connection.SendAsync("first", "k1", Stop);
        var second = watcher.Connection.SendAsync("second", "k2", Stop);

        await time.WaitForTimerAsync(TimeSpan.FromSeconds(4));
        Assert.Empty(Server.Log.Entries);
        time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal((1L, 2L), ((await Wait.For(first, "the first answer")).Seq, (await Wait.For(second, "the second answer")).Seq));
    }

    [Fact]
    public async Task A_Late_Answer_Opens_A_New_Socket_And_Repeats()
    {
        var time = new WatchedTime();
        Server.Then(async s =>
        {
            await s.GreetAsync(false, "0-0");
            await s.ReceiveAsync("message");
            await s.StayOpenAsync();
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, time: time, ackTimeout: TimeSpan.FromSeconds(9)));
        var sending = watcher.Connection.SendAsync("hello", "k1", Stop);

        await time.WaitForTimerAsync(TimeSpan.FromSeconds(9));
        time.Advance(TimeSpan.FromSeconds(9));
        var lost = await watcher.NextAsync<DisconnectedEvent>();
        await time.WaitForTimerAsync(lost.RetryIn);
        time.Advance(lost.RetryIn);

        Assert.True((await Wait.For(sending, "the answer")).Stored);
    }

    [Fact]
    public async Task A_Message_That_Is_Too_Big_Fails_Instead_Of_Coming_Back_For_Ever()
    {
        Server.Then(async s =>
        {
            await s.GreetAsync(false, "0-0");
            await s.ReceiveAsync("message");
            await s.ReceiveAsync("message");
            await s.CloseAsync(1009);
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, inFlight: 2));
        var small = watcher.Connection.SendAsync("small", "k1", Stop);
        var big = watcher.Connection.SendAsync(new string('x', 1000), "k2", Stop);

        Assert.Equal(SendErrorCodes.MessageTooBig, (await Wait.For(big, "the big one's answer")).Error!.Code);
        Assert.True((await Wait.For(small, "the small one's answer")).Stored);
    }

    [Fact]
    public async Task The_Outbox_Is_Bounded_And_Keys_Are_Checked()
    {
        var connection = new ReplyXConnection(Quick.Options(Server, outboxCapacity: 2));
        var first = connection.SendAsync("one", "k1", Stop);
        _ = connection.SendAsync("two", "k2", Stop);

        Assert.Equal(SendErrorCodes.OutboxFull, (await connection.SendAsync("three", "k3", Stop)).Error!.Code);
        Assert.Equal(SendErrorCodes.KeyInUse, (await connection.SendAsync("another", "k1", Stop)).Error!.Code);
        Assert.Equal(SendErrorCodes.MalformedText, (await connection.SendAsync("\ud83d", "k4", Stop)).Error!.Code);
        await Assert.ThrowsAsync<ArgumentException>(() => connection.SendAsync("x", "with space", Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => connection.SendAsync("x", new string('k', 65), Stop));
        Assert.Equal(2, connection.Unanswered);

        await connection.DisposeAsync();
        Assert.Equal((SendErrorCodes.ConnectionEnded, false), ((await first).Error!.Code, (await first).Error!.MayBeStored));
    }

    [Fact]
    public async Task A_Message_Given_Up_Makes_Room_For_The_Next()
    {
        var received = new TaskCompletionSource();
        Server.Then(async s =>
        {
            await s.GreetAsync(false, "0-0");
            await s.ReceiveAsync("message");
            received.SetResult();
            var second = await s.ReceiveAsync("message");
            await s.AckAsync("k2", Server.Log.Append(second.GetProperty("text").GetString()!, "k2"));
            await s.StayOpenAsync();
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var first = watcher.Connection.SendAsync("first", "k1", patience.Token);
        var second = watcher.Connection.SendAsync("second", "k2", Stop);

        await Wait.For(received.Task, "the first message");
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.True((await Wait.For(second, "the second answer")).Stored);
    }

    [Fact]
    public async Task An_Error_About_No_Message_Is_An_Event()
    {
        Server.Then(async s =>
        {
            await s.GreetAsync(false, "0-0");
            await s.ErrorAsync(null, "backplane_unavailable", 500);
            await s.StayOpenAsync();
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server));

        var error = await watcher.NextAsync<ServerErrorEvent>();

        Assert.Equal(("backplane_unavailable", TimeSpan.FromMilliseconds(500)), (error.Code, error.RetryAfter!.Value));
    }
}
