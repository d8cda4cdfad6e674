using System.Collections.Concurrent;
using Microsoft.Playwright;
using ReplyX.Client;
using ReplyX.E2E.Tests.Browser;
using ReplyX.Testing;
using static Microsoft.Playwright.Assertions;

namespace ReplyX.E2E.Tests.Console;

/// <summary>A console that is open through a restart misses nothing, sends nothing twice, and bothers nobody with it.</summary>
public sealed class ConnectionTests(BrowserGraph graph) : ConsoleTest(graph)
{
    [Fact]
    public async Task Both_Replicas_Are_Restarted_Under_An_Open_Console()
    {
        var guest = await VisitAsync();
        await guest.SayAsync("Before");
        var person = await ComeToDeskAsync();
        ConcurrentQueue<Task> closed = [];
        person.Context.Page += (_, page) => page.WebSocket += (_, socket) => closed.Enqueue(ClosingOf(socket));
        var console = await ConsoleView.OpenAsync(Graph, person);
        await console.SignInAsync(Anna);
        await console.OpenDialogAsync(guest.Name);
        await console.TakeOverAsync();
        Assert.Equal(2, closed.Count);

        var restart = Graph.RestartReplicasAsync();
        await Task.WhenAll(closed).Within("both sockets to be closed");
        await guest.SayAsync("Said amid the restart");
        await console.SayAsync("Answered amid the restart");
        await restart;

        await console.ExpectConnectedAsync();
        await console.ExpectDialogConnectedAsync();
        await Expect(console.Bubble("Said amid the restart")).ToHaveCountAsync(1);
        await Expect(console.State("Answered amid the restart", "sent")).ToBeVisibleAsync();
        await Expect(console.Bubble("Answered amid the restart")).ToHaveCountAsync(1);
        Assert.Equal("Answered amid the restart", (await guest.HearAsync<MessageEvent>(message => message.Sender == "manager")).Text);

        // The list goes on as well.
        var second = await VisitAsync();
        await second.SayAsync("After");
        await Expect(console.Row(second.Name)).ToBeVisibleAsync();
    }

    private static Task ClosingOf(IWebSocket socket)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        socket.Close += (_, _) => closed.TrySetResult();
        return closed.Task;
    }
}
