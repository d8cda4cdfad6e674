using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.PubSub;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

public sealed class DeliveryTests : IAsyncLifetime
{
    private RedisServer _redis = null!;
    private RealtimeNode _first = null!;
    private RealtimeNode _second = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync(RedisKind.Redis);
        _first = await RealtimeNode.StartAsync(_redis);
        _second = await RealtimeNode.StartAsync(_redis);
    }

    public async ValueTask DisposeAsync()
    {
        if (_second is not null)
        {
            await _first.DisposeAsync();
            await _second.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(DialogMode.Widget)]
    [InlineData(DialogMode.Site)]
    public async Task Every_event_of_a_dialog_reaches_every_socket_of_it_on_every_node(DialogMode mode)
    {
        var (dialog, token) = await _first.OpenDialogAsync(mode);
        var path = $"/ws/{mode.ToWire()}/dialogs/{dialog.DialogId}";
        List<TestSocket> sockets = [];
        foreach (var node in (RealtimeNode[])[_first, _second])
        {
            sockets.Add((await TestSocket.OpenAsync(node.Url, path, token)).Socket);
            sockets.Add((await TestSocket.OpenAsync(node.Url, $"/ws/dialogs/{dialog.DialogId}", node.OperatorToken())).Socket);
        }

        const string text = "Привет 👩‍👩‍👧 <b>\"x\"</b>";
        for (var i = 0; i < 20; i++)
        {
            await _first.SayAsync(dialog, $"{text} {i}");
        }

        foreach (var socket in sockets)
        {
            for (var i = 0; i < 20; i++)
            {
                var message = await socket.ReceiveAsync();
                Assert.Equal(i + 2, message.GetProperty("seq").GetInt64());
                Assert.Equal(i + 2, message.GetProperty("id").GetInt64());
                Assert.Equal($"{text} {i}", message.GetProperty("text").GetString());
                Assert.Equal("user", message.GetProperty("sender").GetString());
            }

            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task Nobody_hears_another_dialog()
    {
        var (mine, token) = await _first.OpenDialogAsync();
        var (other, _) = await _first.OpenDialogAsync();
        await using var socket = (await TestSocket.OpenAsync(_first.Url, $"/ws/widget/dialogs/{mine.DialogId}", token)).Socket;

        await _first.SayAsync(other, "not for me");
        await _first.SayAsync(mine, "for me");

        Assert.Equal("for me", (await socket.ReceiveAsync()).GetProperty("text").GetString());
    }

    [Fact]
    public async Task The_list_hears_what_happens_in_every_dialog_of_its_account()
    {
        await using var list = (await TestSocket.OpenAsync(_second.Url, "/ws/dialogs", _second.OperatorToken())).Socket;
        await using var stranger = (await TestSocket.OpenAsync(_second.Url, "/ws/dialogs", _second.OperatorToken("other"))).Socket;
        var (dialog, _) = await _first.OpenDialogAsync();

        await _first.SayAsync(dialog, "hello");
        await _first.SayAsync(dialog, "are you there?");

        var added = await list.ReceiveAsync();
        Assert.Equal("dialog_new", added.GetProperty("type").GetString());
        Assert.Equal(dialog.DialogId, added.GetProperty("dialog_id").GetInt64());
        Assert.Equal(1, added.GetProperty("seq").GetInt64());
        var update = await list.ReceiveAsync();
        Assert.Equal("dialog_update", update.GetProperty("type").GetString());
        Assert.Equal("are you there?", update.GetProperty("preview").GetString());

        // Had the stranger heard it, the pong would not come first.
        await stranger.SendAsync("__ping__");
        Assert.Equal("__pong__", await stranger.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_socket_that_connects_after_the_history_answered_gets_what_came_between()
    {
        var (dialog, token) = await _first.OpenDialogAsync();
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        var history = await _first.Log.ReadTailAsync(dialog, 50, TestTimeout.Token());
        for (var i = 0; i < 700; i++)
        {
            await _first.SayAsync(dialog, $"between {i}");
        }

        var (socket, connected) = await TestSocket.OpenAsync(_second.Url, path, token, history.Head.ToString());
        Assert.True(connected.GetProperty("recovered").GetBoolean());
        Assert.Equal(history.Head.ToString(), connected.GetProperty("cursor").GetString());

        var live = Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++)
            {
                await _first.SayAsync(dialog, $"live {i}");
            }
        });
        for (var seq = history.Head.Seq + 1; seq <= 1_001; seq++)
        {
            Assert.Equal(seq, (await socket.ReceiveAsync()).GetProperty("seq").GetInt64());
        }

        await live;
        await socket.CloseAsync();
        await socket.DisposeAsync();
    }

    [Fact]
    public async Task A_cursor_that_the_log_does_not_hold_is_not_recovered_and_says_where_live_begins()
    {
        var (dialog, token) = await _first.OpenDialogAsync();
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        var head = (await _first.SayAsync(dialog, "hello")).Cursor;

        foreach (var cursor in (string?[])[null, "2-00000001", "7-00000001", "garbage", "0-1"])
        {
            var (socket, connected) = await TestSocket.OpenAsync(_first.Url, path, token, cursor);
            Assert.False(connected.GetProperty("recovered").GetBoolean());
            Assert.Equal(head.ToString(), connected.GetProperty("cursor").GetString());
            await socket.SendAsync("__ping__");
            Assert.Equal("__pong__", await socket.ReceiveTextAsync());
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task Sockets_that_join_amid_a_storm_miss_nothing_and_see_nothing_twice()
    {
        var random = Seed.Random();
        var (dialog, token) = await _first.OpenDialogAsync();
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        const int total = 1_500;
        var saying = Task.Run(async () =>
        {
            for (var i = 0; i < total; i++)
            {
                await _first.SayAsync(dialog, $"{i}");
            }
        });

        var readers = Enumerable.Range(0, 12).Select(async reader =>
        {
            var node = reader % 2 == 0 ? _first : _second;
            var cursor = "0-0";
            var expected = 1L;
            while (expected <= total + 1)
            {
                var (socket, connected) = await TestSocket.OpenAsync(node.Url, path, token, cursor);
                Assert.True(connected.GetProperty("recovered").GetBoolean());
                int take;
                lock (random)
                {
                    take = random.Next(1, 400);
                }

                for (var i = 0; i < take && expected <= total + 1; i++, expected++)
                {
                    var message = await socket.ReceiveAsync($"event {expected} on reader {reader}");
                    Assert.Equal(expected, message.GetProperty("seq").GetInt64());
                    cursor = message.GetProperty("cursor").GetString()!;
                }

                await socket.DisposeAsync();
            }
        }).ToArray();

        await saying;
        await Task.WhenAll(readers);
        Assert.Empty(_first.Logs.Errors);
        Assert.Empty(_second.Logs.Errors);
    }

    [Fact]
    public async Task A_publish_that_the_backplane_dropped_is_filled_in_before_what_follows_it()
    {
        var (dialog, token) = await _first.OpenDialogAsync();
        await using var socket = (await TestSocket.OpenAsync(_second.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token)).Socket;

        // In the log, but never published: as if the subscription had been away for a moment.
        using (var redis = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString))
        {
            await redis.GetDatabase().ListRightPushAsync(
                $"{Backplane.ChannelOf(dialog)}:log",
                $$"""2 0000abcd 1 -{{"\n"}}{"type":"message","dialog_id":{{dialog.DialogId}},"id":2,"seq":2,"cursor":"2-0000abcd","sender":"user","text":"dropped"}""");
        }

        await _first.SayAsync(dialog, "after");

        Assert.Equal("dropped", (await socket.ReceiveAsync()).GetProperty("text").GetString());
        Assert.Equal("after", (await socket.ReceiveAsync()).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_message_sent_on_a_socket_is_acknowledged_and_reaches_everybody()
    {
        var (dialog, token) = await _first.OpenDialogAsync();
        await using var visitor = (await TestSocket.OpenAsync(_first.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token)).Socket;
        await using var person = (await TestSocket.OpenAsync(_second.Url, $"/ws/dialogs/{dialog.DialogId}", _second.OperatorToken())).Socket;

        await visitor.SendAsync("""{"type":"message","text":"hi","client_id":"a","sender":"manager"}""");
        var answers = new[] { await visitor.ReceiveAsync(), await visitor.ReceiveAsync() };
        var ack = Assert.Single(answers, answer => answer.GetProperty("type").GetString() == "ack");
        Assert.Equal("a", ack.GetProperty("client_id").GetString());
        Assert.Equal(2, ack.GetProperty("seq").GetInt64());
        Assert.False(ack.GetProperty("duplicate").GetBoolean());
        Assert.Equal("user", (await person.ReceiveAsync()).GetProperty("sender").GetString());

        await visitor.SendAsync("""{"type":"message","text":"hi","client_id":"a"}""");
        Assert.True((await visitor.ReceiveAsync()).GetProperty("duplicate").GetBoolean());
        await visitor.SendAsync("""{"type":"message","text":"other","client_id":"a"}""");
        Assert.Equal("idempotency_conflict", (await visitor.ReceiveAsync()).GetProperty("code").GetString());

        await person.SendAsync("""{"type":"message","text":"hello","client_id":"a"}""");
        var reply = await visitor.ReceiveAsync();
        Assert.Equal("manager", reply.GetProperty("sender").GetString());
        Assert.Equal("Anna", reply.GetProperty("author").GetString());
    }

    [Fact]
    public async Task Typing_is_told_to_all_but_the_one_who_types_and_reading_to_all()
    {
        var (dialog, token) = await _first.OpenDialogAsync();
        await using var visitor = (await TestSocket.OpenAsync(_first.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token)).Socket;
        await using var person = (await TestSocket.OpenAsync(_second.Url, $"/ws/dialogs/{dialog.DialogId}", _second.OperatorToken())).Socket;

        await visitor.SendAsync("""{"type":"typing_start"}""");
        Assert.Equal("typing_start", (await person.ReceiveAsync()).GetProperty("type").GetString());
        await person.SendAsync("""{"type":"typing_stop"}""");
        var typing = await visitor.ReceiveAsync();
        Assert.Equal("typing_stop", typing.GetProperty("type").GetString());
        Assert.Equal("manager", typing.GetProperty("sender").GetString());

        await person.SendAsync("""{"type":"read","seq":1}""");
        foreach (var socket in (TestSocket[])[visitor, person])
        {
            var read = await socket.ReceiveAsync();
            Assert.Equal("read", read.GetProperty("type").GetString());
            Assert.Equal(1, read.GetProperty("last_read").GetInt64());
        }
    }

    [Theory]
    [InlineData("not json", "bad_json")]
    [InlineData("[]", "bad_json")]
    [InlineData("""{"text":"x"}""", "bad_json")]
    [InlineData("""{"type":7}""", "bad_json")]
    [InlineData("""{"type":"nonsense"}""", "unknown_type")]
    [InlineData("""{"type":"message","client_id":"a"}""", "bad_text")]
    [InlineData("""{"type":"message","text":" \n ","client_id":"a"}""", "bad_text")]
    [InlineData("""{"type":"message","text":"\ud800","client_id":"a"}""", "bad_json")]
    [InlineData("""{"type":"message","text":"x"}""", "bad_client_id")]
    [InlineData("""{"type":"message","text":"x","client_id":"a b"}""", "bad_client_id")]
    [InlineData("""{"type":"read","seq":99}""", "bad_seq")]
    [InlineData("""{"type":"refresh","token":"x"}""", "bad_token")]
    public async Task What_cannot_be_served_is_answered_by_an_error_and_the_socket_lives_on(string message, string code)
    {
        var (dialog, token) = await _first.OpenDialogAsync();
        await using var socket = (await TestSocket.OpenAsync(_first.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token)).Socket;

        await socket.SendAsync(message);
        var error = await socket.ReceiveAsync();
        await socket.SendAsync("__ping__");

        Assert.Equal("error", error.GetProperty("type").GetString());
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal("__pong__", await socket.ReceiveTextAsync());
        Assert.Empty(_first.Logs.Errors);
    }
}
