using ReplyX.Client.Tests.Server;

namespace ReplyX.Client.Tests.Connection;

public sealed class ResumeTests : ConnectionTest
{
    [Fact]
    public async Task The_Token_Travels_In_The_Subprotocol_And_Nowhere_Else()
    {
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server));

        var socket = Assert.Single(Server.Sockets);
        Assert.Equal(("a.b.c", "", "/ws/dialogs/7"), (socket.Token, socket.Query, socket.Path));
        Assert.Equal((ConnectionState.Connected, "n1"), (watcher.Connection.State, watcher.Connection.Node));
    }

    [Fact]
    public async Task Without_A_Cursor_It_Begins_With_What_Happens_From_Now_On()
    {
        Server.Log.Append(3);
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, history: true));

        Server.Log.Append("fourth");
        await watcher.UntilAsync(4);

        Assert.Equal([4], watcher.Seqs);
        Assert.Equal(0, Server.Log.HistoryReads);
        Assert.Equal(Server.Log.Head, watcher.Connection.Cursor.ToString());
    }

    [Fact]
    public async Task A_Cut_Socket_Resumes_From_The_Last_Event()
    {
        Server.Then(async s =>
        {
            await s.GreetAsync(true, "0-0");
            foreach (var entry in Server.Log.Above(0))
            {
                await s.SendAsync(entry.Json);
            }

            await s.ReceiveAsync("typing_start");
            s.Cut();
        });
        Server.Log.Append(3);
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, EventCursor.Start));
        await watcher.UntilAsync(3);
        Server.Log.Append(2);
        await watcher.Connection.SendTypingAsync(true);
        await watcher.UntilAsync(5);

        Assert.Equal([1, 2, 3, 4, 5], watcher.Seqs);
        Assert.Equal(["0-0", Server.Log.Entries[2].Cursor], Server.Sockets.Select(s => s.Cursor));
        Assert.Equal(2, watcher.Connection.Statistics.Recovered);
        Assert.Contains(watcher.All, e => e is DisconnectedEvent { CloseCode: null });
    }

    [Fact]
    public async Task Duplicates_Are_Dropped()
    {
        Server.Log.Append(3);
        Server.Then(async s =>
        {
            await s.GreetAsync(true, "0-0");
            foreach (var i in new[] { 0, 0, 1, 0, 1, 2 })
            {
                await s.SendAsync(Server.Log.Entries[i].Json);
            }

            await s.StayOpenAsync();
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, EventCursor.Start));
        await watcher.UntilAsync(3);

        Assert.Equal([1, 2, 3], watcher.Seqs);
        Assert.Equal(3, watcher.Connection.Statistics.Duplicates);
        Assert.Single(Server.Sockets);
    }

    [Fact]
    public async Task An_Event_Ahead_Of_Its_Predecessor_Makes_It_Resume_And_Nothing_Comes_Out_Of_Order()
    {
        Server.Log.Append(4);
        Server.Then(async s =>
        {
            await s.GreetAsync(true, "0-0");
            foreach (var i in new[] { 0, 2, 1, 3 })
            {
                await s.SendAsync(Server.Log.Entries[i].Json);
            }

            await s.StayOpenAsync();
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, EventCursor.Start));
        await watcher.UntilAsync(4);

        Assert.Equal([1, 2, 3, 4], watcher.Seqs);
        Assert.Equal(1, watcher.Connection.Statistics.Holes);
        Assert.Equal(["0-0", Server.Log.Entries[0].Cursor], Server.Sockets.Select(s => s.Cursor));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_Hole_That_Resuming_Does_Not_Fill_Is_Filled_From_The_History_Or_Told(bool history)
    {
        Server.Log.Append(4);
        Server.ByDefault = async s =>
        {
            await s.GreetAsync(true, s.Cursor!);
            foreach (var entry in Server.Log.Entries.Where(e => e.Seq > EventCursor.Parse(s.Cursor!).Seq && e.Seq != 2))
            {
                await s.SendAsync(entry.Json);
            }

            await s.StayOpenAsync();
        };
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, EventCursor.Start, history));
        await watcher.UntilAsync(4);

        if (history)
        {
            Assert.Equal([1, 2, 3, 4], watcher.Seqs);
            Assert.DoesNotContain(watcher.All, e => e is GapEvent);
        }
        else
        {
            Assert.Equal([1, 3, 4], watcher.Seqs);
            var gap = Assert.Single(watcher.All.OfType<GapEvent>());
            Assert.Equal((GapReason.NoHistory, 1L, 3L), (gap.Reason, gap.After, gap.Before));
        }
    }

    [Fact]
    public async Task An_Unknown_Event_In_The_Log_Is_No_Hole()
    {
        Server.Log.Append(3);
        Server.Then(async s =>
        {
            await s.GreetAsync(true, "0-0");
            await s.SendAsync(Server.Log.Entries[0].Json);
            await s.SendAsync(Server.Log.Entries[1].Json.Replace("\"message\"", "\"poll\"", StringComparison.Ordinal));
            await s.SendAsync("{ not json");
            await s.SendAsync(Server.Log.Entries[2].Json);
            await s.StayOpenAsync();
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, EventCursor.Start));
        await watcher.UntilAsync(3);

        Assert.Equal([1, 2, 3], watcher.Seqs);
        Assert.Equal("poll", Assert.Single(watcher.All.OfType<UnknownEvent>()).Type);
        Assert.Equal((0L, 1L), (watcher.Connection.Statistics.Holes, watcher.Connection.Statistics.Malformed));
    }

    [Fact]
    public async Task What_The_Log_No_Longer_Holds_Comes_From_The_History()
    {
        Server.Log.Append(45);
        Server.Log.Trim(40);
        var cursor = EventCursor.Parse(Server.Log.Entries[4].Cursor);
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, cursor, history: true));
        Server.Log.Append("live");
        await watcher.UntilAsync(46);

        Assert.Equal(Enumerable.Range(6, 41).Select(i => (long)i), watcher.Seqs);
        Assert.Equal(Server.Log.Entries.Skip(5).Select(e => e.Text), watcher.All.OfType<MessageEvent>().Select(e => e.Text));
        Assert.False(watcher.All.OfType<ConnectedEvent>().First().Recovered);
        Assert.All(watcher.All.OfType<MessageEvent>(), e => Assert.Equal(7, e.DialogId));
        Assert.Equal(0, watcher.Connection.Statistics.Gaps);
    }

    [Fact]
    public async Task What_The_History_No_Longer_Holds_Is_Told()
    {
        Server.Log.Append(20);
        var cursor = EventCursor.Parse(Server.Log.Entries[4].Cursor);
        Server.Log.Expire(12);
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, cursor, history: true));
        await watcher.UntilAsync(20);

        var gap = Assert.Single(watcher.All.OfType<GapEvent>());
        Assert.Equal((GapReason.Expired, 5L, 12L), (gap.Reason, gap.After, gap.Before));
        Assert.Equal(Enumerable.Range(12, 9).Select(i => (long)i), watcher.Seqs);
        Assert.IsType<GapEvent>(watcher.All.First(e => e is not ConnectedEvent));
    }

    [Fact]
    public async Task What_Is_Left_Of_A_History_Is_Read_From_Its_Oldest_Event()
    {
        Server.Log.Append(60);
        var cursor = EventCursor.Parse(Server.Log.Entries[4].Cursor);
        Server.Log.Expire(12); // 49 events are left, five pages of ten.
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, cursor, history: true));
        await watcher.UntilAsync(60);

        Assert.Equal(Enumerable.Range(12, 49).Select(i => (long)i), watcher.Seqs);
        Assert.Equal((5L, 12L), (watcher.All.OfType<GapEvent>().Single().After, watcher.All.OfType<GapEvent>().Single().Before));
    }

    [Fact]
    public async Task Pages_That_Hold_Few_Events_Are_Read_Until_All_Are_There()
    {
        Server.Log.Append(160);
        Server.Log.MostOnPage = 1;
        var cursor = EventCursor.Parse(Server.Log.Entries[4].Cursor);
        Server.Log.Expire(12); // 149 events are left, a page each.
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, cursor, history: true));
        await watcher.UntilAsync(160);

        Assert.Equal(Enumerable.Range(12, 149).Select(i => (long)i), watcher.Seqs);
        Assert.Equal((5L, 12L), (watcher.All.OfType<GapEvent>().Single().After, watcher.All.OfType<GapEvent>().Single().Before));
    }

    [Fact]
    public async Task Nothing_Is_Missing_When_Only_What_Was_Seen_Has_Expired()
    {
        Server.Log.Append(20);
        var cursor = EventCursor.Parse(Server.Log.Entries[4].Cursor);
        Server.Log.Expire(6);
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, cursor, history: true));
        await watcher.UntilAsync(20);

        Assert.Equal(Enumerable.Range(6, 15).Select(i => (long)i), watcher.Seqs);
        Assert.DoesNotContain(watcher.All, e => e is GapEvent);
    }

    [Fact]
    public async Task A_Log_That_Begins_Anew_Is_Told_And_Read_From_The_Start()
    {
        Server.Log.Append(20);
        var cursor = EventCursor.Parse(Server.Log.Entries[19].Cursor);
        Server.Log.RollBack(0);
        Server.Log.Append(3);
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, cursor, history: true));
        await watcher.UntilAsync(3);

        Assert.Equal([1, 2, 3], watcher.Seqs);
        var gap = Assert.Single(watcher.All.OfType<GapEvent>());
        Assert.Equal((GapReason.Rewritten, 0L), (gap.Reason, gap.After));
    }

    [Fact]
    public async Task Without_A_History_The_Gap_Is_Told()
    {
        Server.Log.Append(20);
        Server.Log.Trim(15);
        var cursor = EventCursor.Parse(Server.Log.Entries[4].Cursor);
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, cursor));
        Server.Log.Append("live");
        await watcher.UntilAsync(21);

        var gap = Assert.Single(watcher.All.OfType<GapEvent>());
        Assert.Equal((GapReason.NoHistory, 5L, 21L), (gap.Reason, gap.After, gap.Before));
        Assert.Equal([21], watcher.Seqs);
    }

    [Fact]
    public async Task A_History_That_Does_Not_Answer_Is_Asked_Again()
    {
        Server.Log.Append(9);
        Server.Log.Trim(8);
        var cursor = EventCursor.Parse(Server.Log.Entries[4].Cursor);
        Server.Log.HistoryProblems.Enqueue(new ApiProblem(503, "backplane_unavailable"));
        Server.Log.HistoryProblems.Enqueue(new ApiProblem(0, "no_answer"));
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, cursor, history: true));
        await watcher.UntilAsync(9);

        Assert.Equal([6, 7, 8, 9], watcher.Seqs);
        Assert.Equal(3, Server.Sockets.Count);
    }

    [Fact]
    public async Task A_Log_That_Lost_Its_End_And_Grew_Again_Is_Told_From_Where_It_Differs()
    {
        var regrown = new TaskCompletionSource();
        Server.Then(async s =>
        {
            await s.GreetAsync(true, "0-0");
            foreach (var entry in Server.Log.Above(0))
            {
                await s.SendAsync(entry.Json);
            }

            await regrown.Task;
            s.Cut();
        });
        Server.Log.Append(30);
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, EventCursor.Start, history: true));
        await watcher.UntilAsync(30);
        Server.Log.RollBack(25);
        for (var i = 0; i < 10; i++)
        {
            Server.Log.Append($"anew {i}");
        }

        regrown.SetResult();
        var gap = await watcher.NextAsync<GapEvent>();
        await watcher.UntilAsync(35);

        Assert.Equal((GapReason.Rewritten, 25L), (gap.Reason, gap.After));
        Assert.Equal(
            Enumerable.Range(0, 10).Select(i => $"anew {i}"),
            watcher.All.SkipWhile(e => e is not GapEvent).OfType<MessageEvent>().Select(e => e.Text));
        Assert.Single(watcher.All.OfType<GapEvent>());
    }

    [Fact]
    public async Task A_Log_That_Lost_Its_End_Under_An_Open_Socket_Is_Noticed_By_The_Nonce()
    {
        Server.Log.Append(5);
        Server.Then(async s =>
        {
            await s.GreetAsync(true, "0-0");
            foreach (var entry in Server.Log.Above(0))
            {
                await s.SendAsync(entry.Json);
            }

            await s.ReceiveAsync("typing_start");
            await s.SendAsync(Server.Log.Entries[3].Json);
            await s.StayOpenAsync();
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server, EventCursor.Start, history: true));
        await watcher.UntilAsync(5);
        Server.Log.RollBack(3);
        Server.Log.Append("anew");
        await watcher.Connection.SendTypingAsync(true);
        var gap = await watcher.NextAsync<GapEvent>();
        var next = await watcher.NextAsync<MessageEvent>();

        Assert.Equal((GapReason.Rewritten, 3L), (gap.Reason, gap.After));
        Assert.Equal((4L, "anew"), (next.Seq, next.Text));
        Assert.Equal(1, watcher.Connection.Statistics.Conflicts);
    }

    [Fact]
    public async Task A_Slow_Reader_Holds_Up_No_Acknowledgement_And_Misses_Nothing()
    {
        Server.Log.Append(200);
        await using var watcher = new Watcher(Quick.Options(Server, EventCursor.Start, eventCapacity: 8));
        await Wait.For(watcher.Connection.ConnectAsync(TestContext.Current.CancellationToken), "the connection");

        var sent = await Wait.For(watcher.Connection.SendAsync("while nobody reads", "k1", TestContext.Current.CancellationToken), "the answer");
        Assert.True(sent.Stored);
        Assert.Empty(watcher.All);

        watcher.Read();
        await watcher.UntilAsync(201);
        Assert.Equal(Enumerable.Range(1, 201).Select(i => (long)i), watcher.Seqs);
        Assert.True(watcher.Connection.Statistics.Overruns > 0);
        Assert.Equal(0, watcher.Connection.Statistics.Gaps);
    }

    [Fact]
    public async Task The_Read_Mark_Is_Repeated_On_A_New_Socket()
    {
        Server.Then(async s =>
        {
            await s.GreetAsync(false, "9-a");
            await s.ReceiveAsync("read");
            s.Cut();
        });
        var repeated = new TaskCompletionSource<long>();
        Server.Then(async s =>
        {
            await s.GreetAsync(true, "9-a");
            repeated.SetResult((await s.ReceiveAsync("read")).GetProperty("seq").GetInt64());
            await s.StayOpenAsync();
        });
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server));

        await watcher.Connection.MarkReadAsync(8);
        Assert.False(await watcher.Connection.MarkReadAsync(3));

        Assert.Equal(8, await Wait.For(repeated.Task, "the read mark on the second socket"));
    }

    [Fact]
    public async Task Events_Can_Be_Read_From_One_Place_Only()
    {
        await using var watcher = await Watcher.ConnectAsync(Quick.Options(Server));
        await watcher.NextAsync<ConnectedEvent>();

        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var _ in watcher.Connection.ReadEventsAsync(TestContext.Current.CancellationToken))
            {
            }
        });
    }
}
