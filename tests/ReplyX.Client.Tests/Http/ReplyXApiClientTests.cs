using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using ReplyX.Client.Tests.Server;

namespace ReplyX.Client.Tests.Http;

public sealed class ReplyXApiClientTests
{
    private const string Opened =
        """{"id":7,"token":"d1","token_expires_at":"2026-01-01T01:00:00Z","guest_token":"g1","cursor":"1-ab","realtime_url":"ws://localhost:5090/ws/widget/dialogs/7","handoff":"none","mode":"widget"}""";

    private readonly ConcurrentQueue<(string Method, string Path, string? Authorization, string Body)> _calls = new();
    private readonly Queue<Func<HttpContext, Task>> _answers = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Opens_A_Dialog()
    {
        await using var server = await StartAsync();
        Answer(201, Opened);

        var dialog = (await Api(server).OpenWidgetDialogAsync("demo", "g0", Stop)).Require();

        Assert.Equal((7L, "d1", "g1", new EventCursor(1, "ab"), HandoffState.None),
            (dialog.Id, dialog.Token, dialog.GuestToken, dialog.Cursor, dialog.Handoff));
        Assert.Equal("ws://localhost:5090/ws/widget/dialogs/7", dialog.RealtimeUrl.AbsoluteUri);
        var call = Assert.Single(_calls);
        Assert.Equal(("POST", "/api/widget/dialogs", "Bearer g0", """{"assistant_id":"demo"}"""), call);
        Assert.DoesNotContain("d1", dialog.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_New_Guest_S_Start_Is_Repeated_Under_One_Key_And_Says_Who_And_Where_The_Visitor_Is()
    {
        var time = new WatchedTime();
        await using var server = await StartAsync();
        Answer(503, """{"code":"store_unavailable","title":"no"}""", retryAfter: "6");
        Answer(200, Opened);
        var start = new VisitorStart
        {
            Visitor = new VisitorDetails("Ann"),
            Page = new VisitorPage(new Uri("https://shop.example/a?b=1"), "A shirt"),
            Locale = "en",
        };

        var opening = Api(server, time).OpenWidgetDialogAsync("demo", null, start, Stop);
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(6));
        time.Advance(TimeSpan.FromSeconds(6));
        (await Wait.For(opening, "the dialog")).Require();

        var body = Assert.Single(_calls.Select(call => call.Body).Distinct());
        Assert.Matches(
            """^{"assistant_id":"demo","client_id":"[0-9a-f]{32}","visitor":{"name":"Ann"},"page":{"url":"https://shop.example/a\?b=1","title":"A shirt"},"locale":"en"}$""",
            body);
        Assert.Equal(2, _calls.Count);
    }

    [Fact]
    public async Task Tells_Who_The_Visitor_Is_And_Where()
    {
        await using var server = await StartAsync();
        Answer(204, "");
        Answer(204, "");
        Answer(400, """{"code":"invalid_field","title":"no"}""");
        var (api, page) = (Api(server), new VisitorPage(new Uri("https://shop.example/")));

        (await api.IdentifyAsync(DialogChannel.Site, 7, "d1", new VisitorDetails(Email: ""), Stop)).Require();
        Assert.Same(page, (await api.TellPageAsync(DialogChannel.Site, 7, "d1", page, Stop)).Require());
        Assert.Equal("invalid_field", (await api.TellPageAsync(DialogChannel.Site, 7, "d1", page, Stop)).Problem!.Code);

        Assert.Equal(
            [("PUT", "/api/site/dialogs/7/visitor", "Bearer d1", """{"email":""}"""), ("PUT", "/api/site/dialogs/7/page", "Bearer d1", """{"url":"https://shop.example/"}""")],
            _calls.Take(2));
    }

    [Fact]
    public async Task Reads_What_Lists_And_Histories_Say_Of_Reading_And_Waiting()
    {
        await using var server = await StartAsync();
        Answer(200, """{"items":[],"cursor":"0-0","has_more":false,"read":{"user":1,"manager":2,"assistant":0}}""");
        Answer(200, """{"items":[{"id":7,"mode":"site","handoff":"active","operator":"Anna","unread":3,"waiting_since":"2026-01-01T00:00:00.000Z","visitor":{"name":"Ann","locale":"en"},"page":{"url":"https://shop.example/"},"last":{"seq":5}}],"total":1,"cursor":"9-ab"}""");

        Assert.Equal(new ReadMarks(1, 2, 0), (await Api(server).ReadVisitorHistoryAsync(DialogChannel.Site, 7, "d1", new HistoryRange(), Stop)).Require().Read);
        var item = Assert.Single((await Api(server).ReadDialogsAsync("o1", Stop)).Require().Items);
        Assert.Equal(("Anna", 3L, new VisitorDetails("Ann", null, "en")), (item.Operator, item.Unread, item.Visitor));
        Assert.Equal((2026, "https://shop.example/"), (item.WaitingSince!.Value.Year, item.Page!.Url.AbsoluteUri));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_Message_Is_Repeated_Under_Its_Key_When_The_Server_Has_No_Time(int status)
    {
        var time = new WatchedTime();
        await using var server = await StartAsync();
        Answer(status, """{"code":"backplane_unavailable","title":"no"}""", retryAfter: "6");
        Answer(200, """{"user_message":{"id":3,"seq":3,"cursor":"3-ab","sender":"user","text":"hi","client_id":"k1","timestamp":"2026-01-01T00:00:00Z"}}""");

        var sending = Api(server, time).SendVisitorMessageAsync(DialogChannel.Site, 7, "d1", "hi", "k1", Stop);
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(6));
        time.Advance(TimeSpan.FromSeconds(6));
        var answer = await Wait.For(sending, "the answer");

        Assert.Equal((2, true, 3L), (answer.Attempts, answer.Require().Duplicate, answer.Require().Message.Seq));
        Assert.Equal(2, _calls.Count);
        Assert.All(_calls, call => Assert.Equal(
            ("POST", "/api/site/dialogs/7/messages", "Bearer d1", """{"text":"hi","client_id":"k1"}"""), call));
    }

    [Fact]
    public async Task A_Refusal_Is_A_Result_And_Is_Not_Repeated()
    {
        await using var server = await StartAsync();
        Answer(409, """{"type":"https://replyx.dev/problems/handoff_active","code":"handoff_active","title":"An operator has the dialog"}""");

        var answer = await Api(server).SendOperatorMessageAsync(7, "o1", "hi", "k1", asAssistant: true, Stop);

        Assert.Equal((409, "handoff_active"), (answer.Problem!.Status, answer.Problem.Code));
        Assert.False(answer.Problem.MayHaveHappened);
        Assert.Equal("""{"text":"hi","client_id":"k1","sender":"assistant"}""", Assert.Single(_calls).Body);
        Assert.Equal(409, Assert.Throws<ReplyXApiException>(() => answer.Require()).Problem.Status);
    }

    [Fact]
    public async Task A_Server_That_Does_Not_Answer_Is_A_Result_After_The_Last_Attempt()
    {
        using var http = new HttpClient { BaseAddress = new Uri("http://127.0.0.1:1/") };
        var api = new ReplyXApiClient(http, new ReplyXApiOptions
        {
            MaxAttempts = 3,
            MinDelay = TimeSpan.FromMilliseconds(1),
            MaxDelay = TimeSpan.FromMilliseconds(2),
        });

        var answer = await api.SendVisitorMessageAsync(DialogChannel.Widget, 7, "d1", "hi", "k1", Stop);

        Assert.Equal((0, "no_answer", 3, true), (answer.Problem!.Status, answer.Problem.Code, answer.Attempts, answer.Problem.MayHaveHappened));
    }

    [Fact]
    public async Task A_Proxys_Page_Instead_Of_A_Problem_Is_No_Exception()
    {
        await using var server = await StartAsync();
        Answer(400, "<html>Bad Request</html>");
        Answer(200, "<html>Welcome</html>");

        Assert.Equal((400, "http_error"), Problem(await Api(server).SignInAsync("a", "b", Stop)));
        Assert.Equal("unreadable_answer", (await Api(server).SignInAsync("a", "b", Stop)).Problem!.Code);

        static (int, string) Problem(ApiResult<SignedInOperator> answer) => (answer.Problem!.Status, answer.Problem.Code);
    }

    [Fact]
    public async Task A_Session_Keeps_The_Device_Token_And_Sends_It_With_The_Next_Sign_In()
    {
        await using var server = await StartAsync();
        Answer(200, """{"token":"o1","token_expires_at":"2020-01-01T00:00:00Z","operator":{"id":"anna","name":"Anna"},"device_token":"v1"}""");
        Answer(401, """{"code":"sign_in_failed"}""");
        Answer(200, """{"token":"o2","token_expires_at":"2099-01-01T00:00:00Z","operator":{"id":"anna","name":"Anna"},"device_token":"v2"}""");
        Answer(200, """{"items":[],"cursor":"0-0"}""");
        var api = Api(server);

        var signedIn = (await api.SignInAsync("a", "b", Stop)).Require();
        Assert.DoesNotContain("v1", signedIn.ToString(), StringComparison.Ordinal);
        var session = new OperatorSession(api, signedIn);
        Assert.Equal("sign_in_failed", (await session.SignInAgainAsync("a", "c", Stop)).Problem!.Code);
        Assert.True((await session.SignInAgainAsync("a", "d", Stop)).Succeeded);
        Assert.True((await session.ReadDialogsAsync(Stop)).Succeeded);

        Assert.Equal("v2", session.DeviceToken);
        Assert.Equal(
            ["""{"login":"a","password":"b"}""", """{"login":"a","password":"c","device_token":"v1"}""", """{"login":"a","password":"d","device_token":"v1"}""", ""],
            _calls.Select(call => call.Body));
        Assert.Equal("Bearer o2", _calls.Last().Authorization);
    }

    [Fact]
    public async Task Reads_A_Page_Of_History()
    {
        await using var server = await StartAsync();
        Answer(200, """
            {"items":[
              {"type":"message","dialog_id":7,"id":3,"seq":3,"cursor":"3-a","sender":"user","text":"hi"},
              {"type":"handoff_started","dialog_id":7,"id":4,"seq":4,"cursor":"4-a","handoff":"active","operator":"Anna"},
              {"type":"poll","dialog_id":7,"id":5,"seq":5,"cursor":"5-a","text":[1]}],
             "cursor":"5-a","has_more":true}
            """);

        var page = (await Api(server).ReadOperatorHistoryAsync(7, "o1", new HistoryRange(After: 2, Limit: 3), Stop)).Require();

        Assert.Equal(["MessageEvent", "HandoffEvent", "UnknownEvent"], page.Items.Select(e => e.GetType().Name));
        Assert.Equal([3L, 4L, 5L], page.Items.Select(e => e.Seq));
        Assert.Equal((true, "5-a"), (page.HasMore, page.Cursor.ToString()));
        Assert.Equal(("GET", "/api/dialogs/7/messages?after=2&limit=3", "Bearer o1", ""), Assert.Single(_calls));
    }

    [Fact]
    public async Task A_Session_Renews_A_Refused_Token_And_Calls_Again()
    {
        await using var server = await StartAsync();
        Answer(401, """{"code":"token_expired"}""");
        Answer(200, """{"token":"d2","token_expires_at":"2030-01-01T00:00:00Z"}""");
        Answer(200, """{"items":[],"cursor":"0-0","has_more":false}""");
        var session = Visitor(server, expiresIn: TimeSpan.FromHours(1));

        Assert.True((await session.ReadHistoryAsync(default, Stop)).Succeeded);

        Assert.Equal(["Bearer d1", "Bearer g1", "Bearer d2"], _calls.Select(c => c.Authorization));
        Assert.Equal("d2", await session.TokenProvider(TokenNeed.First, Stop));
    }

    [Fact]
    public async Task Sockets_That_Expire_Together_Share_One_Renewal()
    {
        await using var server = await StartAsync();
        var release = new TaskCompletionSource();
        _answers.Enqueue(async context =>
        {
            await release.Task;
            await context.Response.WriteAsync("""{"token":"d2","token_expires_at":"2030-01-01T00:00:00Z"}""", Stop);
        });
        var session = Visitor(server, expiresIn: TimeSpan.FromSeconds(1)); // Nearly out: even the first one asks.

        var tokens = Enumerable.Range(0, 8).Select(i => session.TokenProvider((TokenNeed)(i % 3), Stop).AsTask()).ToList();
        release.SetResult();

        Assert.All(await Task.WhenAll(tokens), token => Assert.Equal("d2", token));
        Assert.Single(_calls);
    }

    [Fact]
    public async Task A_Refused_Renewal_Ends_And_A_Failed_One_Does_Not()
    {
        await using var server = await StartAsync();
        Answer(503, "{}", retryAfter: "3600");
        Answer(401, """{"code":"token_invalid"}""");
        var session = Visitor(server, expiresIn: TimeSpan.FromHours(1));

        await Assert.ThrowsAsync<ReplyXApiException>(() => session.TokenProvider(TokenNeed.Expired, Stop).AsTask());
        Assert.Null(await session.TokenProvider(TokenNeed.Expired, Stop));
    }

    private static VisitorSession Visitor(ScriptedServer server, TimeSpan expiresIn) => new(Api(server), new VisitorDialog
    {
        Id = 7,
        Channel = DialogChannel.Widget,
        Token = "d1",
        TokenExpiresAt = DateTimeOffset.UtcNow + expiresIn,
        GuestToken = "g1",
        Cursor = EventCursor.Start,
        RealtimeUrl = server.Dialog,
        Handoff = HandoffState.None,
    });

    private static ReplyXApiClient Api(ScriptedServer server, TimeProvider? time = null)
        => new(new HttpClient { BaseAddress = server.Root }, new ReplyXApiOptions { TimeProvider = time ?? TimeProvider.System });

    private void Answer(int status, string body, string? retryAfter = null) => _answers.Enqueue(async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = status < 300 ? "application/json" : "application/problem+json";
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        await context.Response.WriteAsync(body, Stop);
    });

    private async Task<ScriptedServer> StartAsync()
    {
        var server = await ScriptedServer.StartAsync();
        server.Http = async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            _calls.Enqueue((
                context.Request.Method,
                context.Request.Path + context.Request.QueryString,
                context.Request.Headers.Authorization.FirstOrDefault(),
                await reader.ReadToEndAsync(Stop)));
            await _answers.Dequeue()(context);
        };
        return server;
    }
}
