using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;
using ReplyX.Testing;
using static Microsoft.Playwright.Assertions;

namespace ReplyX.E2E.Tests.Chat;

/// <summary>Messages are there once, in order and as they were written, whatever happens to the page.</summary>
public sealed class MessageTests(BrowserGraph graph) : BrowserTest(graph)
{
    private const string Welcome = "Hi! Ask us anything: somebody of the team answers here.";

    [Fact]
    public async Task No_Duplicate_Welcome_Message_On_Reload()
    {
        var visitor = await ComeAsync();
        var (page, chat) = await ChatView.OpenAsync(Graph, visitor);
        await Expect(chat.OthersBubbles).ToHaveTextAsync([Welcome]);

        // Before there is a dialog.
        await page.ReloadAsync();
        await Expect(chat.OthersBubbles).ToHaveTextAsync([Welcome]);

        await chat.SaySafelyAsync("Hello!");
        await Expect(chat.OthersBubbles).ToHaveTextAsync([Welcome]);
        for (var i = 0; i < 3; i++)
        {
            await page.ReloadAsync();
            await Expect(chat.Up).ToBeVisibleAsync();
            await Expect(chat.Bubbles).ToHaveTextAsync([Welcome, "Hello!"]);
        }

        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task The_First_Message_Is_Stored_Once_However_Often_The_Button_Is_Pressed()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeAsync();
        var (_, chat) = await ChatView.OpenAsync(Graph, visitor);
        await chat.Composer.FillAsync("Only once");

        await chat.SendButton.DblClickAsync();

        await Expect(chat.State("sent")).ToBeVisibleAsync();
        await Expect(chat.OwnBubbles).ToHaveTextAsync(["Only once"]);
        Assert.Equal(["Only once"], await desk.VisitorsTextsAsync(await chat.DialogAsync()));
    }

    [Fact]
    public async Task The_First_Message_Is_Stored_Once_Though_The_Answer_To_The_Start_Is_Lost()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeAsync();
        var (page, chat) = await ChatView.OpenAsync(Graph, visitor);
        var starts = 0;
        await page.RouteAsync("**/api/widget/dialogs", async route =>
        {
            if (Interlocked.Increment(ref starts) == 1)
            {
                // The server has done it, and the page does not know.
                await route.FetchAsync();
                await route.AbortAsync("connectionreset");
            }
            else
            {
                await route.ContinueAsync();
            }
        });

        await chat.SayAsync("Only once");

        await Expect(chat.State("sent")).ToBeVisibleAsync();
        await Expect(chat.OwnBubbles).ToHaveTextAsync(["Only once"]);
        Assert.Equal(2, starts);
        Assert.Equal(["Only once"], await desk.VisitorsTextsAsync(await chat.DialogAsync()));
    }

    [Fact]
    public async Task A_Message_Whose_Answer_Is_Lost_Is_Stored_Once()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeAsync();
        var page = await visitor.Context.NewPageAsync();
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteWebSocketAsync("**/ws/**", socket =>
        {
            var server = socket.ConnectToServer();
            server.OnMessage(frame =>
            {
                // What the server says of the message never arrives: the socket is lost just then.
                if (frame.Text!.Contains("Only once", StringComparison.Ordinal) && lost.TrySetResult())
                {
                    _ = socket.CloseAsync(new WebSocketRouteCloseOptions { Code = 3000 });
                    _ = server.CloseAsync(new WebSocketRouteCloseOptions { Code = 3000 });
                }
                else
                {
                    socket.Send(frame.Text);
                }
            });
        });
        await page.GotoAsync(ChatView.Address(Graph).ToString());
        var chat = ChatView.In(page);
        await chat.SaySafelyAsync("First");

        await chat.SayAsync("Only once");

        await lost.Task.Within("the answer to be lost");
        await Expect(chat.State("sent")).ToBeVisibleAsync();
        await Expect(chat.OwnBubbles).ToHaveTextAsync(["First", "Only once"]);
        Assert.Equal(["First", "Only once"], await desk.VisitorsTextsAsync(await chat.DialogAsync()));
    }

    [Fact]
    public async Task The_Outbox_Survives_A_Reload_While_Offline()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeAsync();
        var (page, chat) = await ChatView.OpenAsync(Graph, visitor);
        await chat.SaySafelyAsync("Before");
        var dialog = await chat.DialogAsync();

        Graph.Wire.Break();
        await Expect(chat.Up).ToHaveCountAsync(0);
        await chat.SayAsync("Written offline");
        await chat.SayAsync("And another one");
        await page.ReloadAsync();
        await Expect(chat.OwnBubbles).ToHaveTextAsync(["Before", "Written offline", "And another one"]);
        await Expect(chat.State("sending")).ToBeVisibleAsync();
        Assert.Equal(["Before"], await desk.VisitorsTextsAsync(dialog));
        Graph.Wire.Mend();

        await Expect(chat.State("sent")).ToBeVisibleAsync();
        string[] texts = ["Before", "Written offline", "And another one"];
        await Expect(chat.OwnBubbles).ToHaveTextAsync(texts);
        Assert.Equal(texts, await desk.VisitorsTextsAsync(dialog));
    }

    [Fact]
    public async Task Two_Tabs_Agree()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeAsync();
        var (_, first) = await ChatView.OpenAsync(Graph, visitor);
        var (_, second) = await ChatView.OpenAsync(Graph, visitor);

        // Both begin at once, and there is one dialog.
        await Task.WhenAll(first.SayAsync("From the first tab"), second.SayAsync("From the second tab"));
        foreach (var chat in new[] { first, second })
        {
            await Expect(chat.State("sent")).ToBeVisibleAsync();
            await Expect(chat.OwnBubbles).ToHaveCountAsync(2);
            await Expect(chat.OthersBubbles).ToHaveTextAsync([Welcome]);
        }

        var dialog = await first.DialogAsync();
        var stored = await desk.VisitorsTextsAsync(dialog);
        Assert.Equal(["From the first tab", "From the second tab"], stored.Order(StringComparer.Ordinal));

        await desk.SayAsync(dialog, "To both");
        foreach (var chat in new[] { first, second })
        {
            await Expect(chat.OthersBubbles.Last).ToHaveTextAsync("To both");
            await Expect(chat.OwnBubbles).ToHaveTextAsync(stored);
        }

        // The one that sends goes, and the other one sends on.
        await first.Root.Page.CloseAsync();
        await second.SaySafelyAsync("Alone");
        Assert.Equal([.. stored, "Alone"], await desk.VisitorsTextsAsync(dialog));
    }

    [Fact]
    public async Task A_Script_In_A_Message_Stays_Text()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeAsync();
        var (page, chat) = await ChatView.OpenAsync(Graph, visitor);
        string[] attacks =
        [
            "<script>document.title = 'taken'</script>",
            "<img src=x onerror=\"document.title = 'taken'\">",
            "<svg/onload=document.title='taken'>",
            "javascript:document.title='taken'",
            "[click](javascript:document.title='taken') data:text/html,<script>document.title='taken'</script>",
            "<a href=\"javascript:document.title='taken'\">https://example.com</a>",
        ];
        await chat.SaySafelyAsync(attacks[0]);
        var dialog = await chat.DialogAsync();
        foreach (var attack in attacks)
        {
            await desk.SayAsync(dialog, attack);
        }

        await Expect(chat.OthersBubbles).ToHaveTextAsync([Welcome, .. attacks]);
        await Expect(chat.OwnBubbles).ToHaveTextAsync([attacks[0]]);
        await Expect(chat.Get(".bubble :is(script, img, svg)")).ToHaveCountAsync(0);

        // What is a link is a safe one.
        var links = await chat.Get(".bubble a").EvaluateAllAsync<string[]>("links => links.map((link) => `${link.href} ${link.target} ${link.rel}`)");
        Assert.Equal(["https://example.com/ _blank noopener noreferrer nofollow"], links);
        Assert.Equal("Demo shop", await page.TitleAsync());
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task A_Message_That_Failed_Can_Be_Sent_Again_Or_Discarded()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeAsync();
        var page = await visitor.Context.NewPageAsync();
        var refuses = true;
        await page.RouteWebSocketAsync("**/ws/**", socket =>
        {
            var server = socket.ConnectToServer();
            socket.OnMessage(frame =>
            {
                var message = System.Text.Json.JsonDocument.Parse(frame.Text!.StartsWith('{') ? frame.Text : "{}").RootElement;
                if (refuses && message.TryGetProperty("client_id", out var key))
                {
                    socket.Send($$"""{"type":"error","code":"bad_text","message":"No.","client_id":"{{key.GetString()}}"}""");
                }
                else
                {
                    server.Send(frame.Text!);
                }
            });
        });
        await page.GotoAsync(ChatView.Address(Graph).ToString());
        var chat = ChatView.In(page);

        await chat.SayAsync("Refused");
        await Expect(chat.Failed).ToContainTextAsync("Not sent");
        await chat.SayAsync("Refused as well");
        await Expect(chat.Failed).ToHaveCountAsync(2);

        await chat.Failed.Last.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Discard" }).ClickAsync();
        await Expect(chat.Failed).ToHaveCountAsync(1);
        refuses = false;
        await chat.Failed.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Try again" }).ClickAsync();
        await Expect(chat.State("sent")).ToBeVisibleAsync();
        await Expect(chat.OwnBubbles).ToHaveTextAsync(["Refused"]);
        Assert.Equal(["Refused"], await desk.VisitorsTextsAsync(await chat.DialogAsync()));
    }

    [Fact]
    public async Task Enter_Sends_And_Shift_Enter_Does_Not_Nor_Does_An_Input_Method()
    {
        var visitor = await ComeAsync();
        var (page, chat) = await ChatView.OpenAsync(Graph, visitor);
        await chat.Composer.FocusAsync();
        await page.Keyboard.TypeAsync("One line");
        await page.Keyboard.PressAsync("Shift+Enter");
        await page.Keyboard.TypeAsync("and another");
        await Expect(chat.Composer).ToHaveValueAsync("One line\nand another");
        await Expect(chat.OwnBubbles).ToHaveCountAsync(0);

        // The Enter that takes an input method's suggestion.
        var session = await visitor.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Input.imeSetComposition", new Dictionary<string, object> { ["text"] = "よ", ["selectionStart"] = 1, ["selectionEnd"] = 1 });
        await chat.Composer.DispatchEventAsync("keydown", new { key = "Enter", keyCode = 229, isComposing = true, bubbles = true });
        await Expect(chat.OwnBubbles).ToHaveCountAsync(0);
        await session.SendAsync("Input.insertText", new Dictionary<string, object> { ["text"] = "よ" });
        await page.Keyboard.PressAsync("Enter");

        await Expect(chat.OwnBubbles).ToHaveTextAsync(["One line\nand anotherよ"]);
        await Expect(chat.Composer).ToHaveValueAsync("");
        await Expect(chat.Composer).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_Limit_Is_Told_Near_Its_End_And_Kept()
    {
        var visitor = await ComeAsync();
        var (_, chat) = await ChatView.OpenAsync(Graph, visitor);
        var left = chat.Get("#composer-left");

        await chat.Composer.FillAsync(new string('a', 7_499));
        await Expect(left).ToBeHiddenAsync();
        await chat.Composer.FillAsync(new string('a', 7_999));
        await Expect(left).ToHaveTextAsync("1 character left");
        await chat.Composer.FillAsync(new string('a', 8_002));
        await Expect(left).ToHaveTextAsync("2 characters too many");
        await Expect(chat.SendButton).ToBeDisabledAsync();

        await chat.SaySafelyAsync(new string('a', 8_000));
    }

    [Fact]
    public async Task What_Others_Have_Read_Is_Shown()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeAsync();
        var (_, chat) = await ChatView.OpenAsync(Graph, visitor);
        await chat.SaySafelyAsync("Read me");
        await using var socket = await desk.WatchAsync(Graph, await chat.DialogAsync());

        await socket.MarkReadAsync(2);

        await Expect(chat.State("read")).ToHaveTextAsync("Read");
        await socket.SendTypingAsync(true);
        await Expect(chat.Get(".typing")).ToContainTextAsync("Anna is writing");
        await socket.SendTypingAsync(false);
        await Expect(chat.Get(".typing")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_Answer_That_Comes_In_Pieces_Grows_And_Is_Replaced_By_The_Whole()
    {
        var visitor = await ComeAsync();
        var page = await visitor.Context.NewPageAsync();
        IWebSocketRoute? toPage = null;
        await page.RouteWebSocketAsync("**/ws/**", socket =>
        {
            toPage = socket;
            socket.ConnectToServer();
        });
        await page.GotoAsync(ChatView.Address(Graph).ToString());
        var chat = ChatView.In(page);
        await chat.SaySafelyAsync("Tell me");
        var dialog = await chat.DialogAsync();
        void Say(string frame) => toPage!.Send($$"""{"dialog_id":{{dialog}},{{frame}}}""");

        Say("\"type\":\"message_delta\",\"sender\":\"assistant\",\"reply_to\":2,\"offset\":0,\"text\":\"Once upon\"");
        await Expect(chat.Get(".draft .bubble")).ToHaveTextAsync("Once upon");
        Say("\"type\":\"message_delta\",\"sender\":\"assistant\",\"reply_to\":2,\"offset\":9,\"text\":\" a time <b>\"");
        await Expect(chat.Get(".draft .bubble")).ToHaveTextAsync("Once upon a time <b>");

        // Who missed a piece waits for the whole.
        Say("\"type\":\"message_delta\",\"sender\":\"assistant\",\"reply_to\":2,\"offset\":99,\"text\":\"lost\"");
        Say("\"type\":\"message\",\"id\":3,\"seq\":3,\"cursor\":\"3-abcd\",\"reply_to\":2,\"sender\":\"assistant\",\"text\":\"Once upon a time <b>there was.\",\"timestamp\":\"2026-01-01T00:00:00.000Z\"");
        await Expect(chat.OthersBubbles.Last).ToHaveTextAsync("Once upon a time <b>there was.");
        await Expect(chat.Get(".draft")).ToHaveCountAsync(0);
    }
}
