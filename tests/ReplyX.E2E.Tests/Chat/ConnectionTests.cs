using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;
using ReplyX.Testing;
using static Microsoft.Playwright.Assertions;

namespace ReplyX.E2E.Tests.Chat;

/// <summary>The chat's connection, and what the visitor notices of its troubles: nothing that is lost or there twice.</summary>
public sealed class ConnectionTests(BrowserGraph graph) : BrowserTest(graph)
{
    [Fact]
    public async Task Widget_Stable_Connection_And_Real_Time_Messages()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeToDeskAsync();
        ConcurrentQueue<string> failures = [];
        visitor.Context.RequestFailed += (_, request) => failures.Enqueue($"{request.Url}: {request.Failure}");
        var page = await visitor.Context.NewPageAsync();
        ConcurrentQueue<IWebSocket> sockets = [];
        page.WebSocket += (_, socket) => sockets.Enqueue(socket);
        var widget = await Widget.OnOwnPageAsync(Graph, page);
        await widget.OpenAsync();

        await widget.Chat.SaySafelyAsync("Hello!");
        await Expect(widget.Chat.Up).ToBeVisibleAsync();
        var dialog = await widget.Chat.DialogAsync();
        for (var i = 1; i <= 10; i++)
        {
            await desk.SayAsync(dialog, $"Answer {i}");
            await Expect(widget.Chat.OthersBubbles.Last).ToHaveTextAsync($"Answer {i}");
            await widget.Chat.SaySafelyAsync($"Question {i}");
        }

        Assert.Equal(["Hello!", .. Enumerable.Range(1, 10).Select(i => $"Question {i}")], await desk.VisitorsTextsAsync(dialog));
        var socket = Assert.Single(sockets);
        Assert.False(socket.IsClosed, "The socket was closed.");
        Assert.Empty(failures);
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task WebSocket_Reconnection_After_Network_Failure()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeAsync();
        var (_, chat) = await ChatView.OpenAsync(Graph, visitor);
        await chat.SaySafelyAsync("Before");
        var dialog = await chat.DialogAsync();

        Graph.Wire.Break();
        await Expect(chat.StatusLine).ToHaveTextAsync("Reconnecting…");
        await Expect(chat.Up).ToHaveCountAsync(0);
        await desk.SayAsync(dialog, "Meanwhile");
        await chat.SayAsync("Are you there?");
        await Expect(chat.State("sending")).ToBeVisibleAsync();
        Graph.Wire.Mend();

        await Expect(chat.Up).ToBeVisibleAsync();
        await Expect(chat.StatusLine).ToBeEmptyAsync();
        await Expect(chat.OthersBubbles.Last).ToHaveTextAsync("Meanwhile");
        await Expect(chat.State("sent")).ToBeVisibleAsync();
        await Expect(chat.OwnBubbles).ToHaveTextAsync(["Before", "Are you there?"]);
        Assert.Equal(["Before", "Are you there?"], await desk.VisitorsTextsAsync(dialog));

        // And again, without a message on its way.
        Graph.Wire.Cut();
        await desk.SayAsync(dialog, "Still here");
        await Expect(chat.OthersBubbles.Last).ToHaveTextAsync("Still here");
    }

    [Fact]
    public async Task The_Socket_Opens_Only_After_The_Dialog_Is_Loaded()
    {
        var visitor = await ComeAsync();
        var (page, chat) = await ChatView.OpenAsync(Graph, visitor);
        await chat.SaySafelyAsync("A message to be loaded");

        ConcurrentQueue<string> happenings = [];
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync("**/messages?*", async route =>
        {
            asked.TrySetResult();
            await answer.Task;
            happenings.Enqueue("history");
            await route.ContinueAsync();
        });
        page.WebSocket += (_, _) => happenings.Enqueue("socket");
        await page.ReloadAsync();
        await asked.Task.Within("the history to be asked for");
        await Expect(chat.Get(".chat-skeleton")).ToBeVisibleAsync();

        // The page has nothing left to do but to wait: had it opened a socket, it would have by now.
        await page.EvaluateAsync("() => new Promise((resolve) => requestIdleCallback(() => setTimeout(resolve)))");
        Assert.Empty(happenings);
        answer.SetResult();

        await Expect(chat.Up).ToBeVisibleAsync();
        Assert.Equal(["history", "socket"], happenings);
        await Expect(chat.OwnBubbles).ToHaveTextAsync(["A message to be loaded"]);
    }

    [Fact]
    public async Task Both_Replicas_Are_Restarted_Under_An_Open_Chat()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeAsync();
        var (page, chat) = await ChatView.OpenAsync(Graph, visitor);
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        page.WebSocket += (_, socket) => socket.Close += (_, _) => lost.TrySetResult();
        await chat.SaySafelyAsync("Before the restart");
        var dialog = await chat.DialogAsync();

        var restart = Graph.RestartReplicasAsync();
        await lost.Task.Within("the chat to lose its socket");
        await chat.SayAsync("Amid the restart");
        await desk.SayAsync(dialog, "An answer amid the restart");
        await restart;

        await Expect(chat.OthersBubbles.Last).ToHaveTextAsync("An answer amid the restart");
        await chat.SaySafelyAsync("After the restart");
        string[] texts = ["Before the restart", "Amid the restart", "After the restart"];
        await Expect(chat.OwnBubbles).ToHaveTextAsync(texts);
        Assert.Equal(texts, await desk.VisitorsTextsAsync(dialog));
    }

    [Fact]
    public async Task The_Token_Is_Refreshed_Under_An_Open_Chat()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeAsync();
        var page = await visitor.Context.NewPageAsync();

        // The server announces the end of a token a minute before, which is an hour from now: the announcement is brought forward.
        IWebSocketRoute? toPage = null;
        var refreshed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteWebSocketAsync("**/ws/**", socket =>
        {
            toPage = socket;
            var server = socket.ConnectToServer();
            server.OnMessage(frame =>
            {
                if (frame.Text?.Contains("\"refreshed\"", StringComparison.Ordinal) == true)
                {
                    refreshed.TrySetResult(frame.Text);
                }

                socket.Send(frame.Text!);
            });
        });
        await page.GotoAsync(ChatView.Address(Graph).ToString());
        var chat = ChatView.In(page);
        await chat.SaySafelyAsync("With the first token");
        var dialog = await chat.DialogAsync();
        var renewal = page.WaitForResponseAsync(response => response.Url.EndsWith($"/{dialog.ToString(CultureInfo.InvariantCulture)}/token", StringComparison.Ordinal));

        toPage!.Send("""{"type":"token_expiring","expires_at":"2026-01-01T00:00:00.000Z"}""");

        Assert.Equal(200, (await renewal).Status);
        Assert.Contains("expires_at", await refreshed.Task.Within("the server to take the fresh token"), StringComparison.Ordinal);
        await desk.SayAsync(dialog, "Still connected");
        await Expect(chat.OthersBubbles.Last).ToHaveTextAsync("Still connected");
        await chat.SaySafelyAsync("With the second token");
    }

    [Fact]
    public async Task A_Token_That_Ran_Out_While_The_Page_Slept_Is_Renewed_Before_The_Next_Socket()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeAsync();
        var page = await visitor.Context.NewPageAsync();
        await page.Clock.InstallAsync();
        await page.GotoAsync(ChatView.Address(Graph).ToString());
        var chat = ChatView.In(page);
        await chat.SaySafelyAsync("Good night");
        var dialog = await chat.DialogAsync();
        var renewal = page.WaitForResponseAsync(response => response.Url.EndsWith("/token", StringComparison.Ordinal));

        // Hours pass in an instant, as for a laptop that was shut; its socket is gone.
        Graph.Wire.Break();
        await Expect(chat.Up).ToHaveCountAsync(0);
        await page.Clock.FastForwardAsync("08:00:00");
        Graph.Wire.Mend();
        await page.Clock.RunForAsync("00:30");

        Assert.Equal(200, (await renewal).Status);
        await Expect(chat.Up).ToBeVisibleAsync();
        await desk.SayAsync(dialog, "Good morning");
        await Expect(chat.OthersBubbles.Last).ToHaveTextAsync("Good morning");
    }
}
