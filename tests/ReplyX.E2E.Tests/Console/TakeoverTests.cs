using Microsoft.Playwright;
using ReplyX.Client;
using ReplyX.E2E.Tests.Browser;
using ReplyX.Testing;
using static Microsoft.Playwright.Assertions;

namespace ReplyX.E2E.Tests.Console;

/// <summary>One operator answers a dialog at a time, and all others see at once who that is.</summary>
public sealed class TakeoverTests(BrowserGraph graph) : ConsoleTest(graph)
{
    [Fact]
    public async Task What_One_Operator_Takes_The_Other_Sees_At_Once()
    {
        var guest = await VisitAsync();
        await guest.SayAsync("Hello");
        var (anna, boris) = (await SignInAsync(), await SignInAsync(Boris));
        await anna.OpenDialogAsync(guest.Name);
        await boris.OpenDialogAsync(guest.Name);

        await anna.TakeOverAsync();
        await Expect(anna.Composer).ToBeFocusedAsync();
        await Expect(boris.Lock).ToContainTextAsync("Anna answers this dialog");
        await Expect(boris.Composer).ToHaveCountAsync(0);
        await Expect(boris.TakeOver).ToHaveCountAsync(0);
        await Expect(boris.Row(guest.Name)).ToContainTextAsync("Anna");
        await Expect(anna.Row(guest.Name)).ToContainTextAsync("You");

        await anna.Release.ClickAsync();
        await Expect(boris.Composer).ToBeVisibleAsync();
        await Expect(boris.TakeOver).ToBeVisibleAsync();
        await Expect(anna.TakeOver).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Of_Two_Who_Take_Over_At_The_Same_Time_One_Has_It()
    {
        var guest = await VisitAsync();
        await guest.SayAsync("Hello");
        await guest.AskForPersonAsync();
        var (anna, boris) = (await SignInAsync(), await SignInAsync(Boris));
        await anna.OpenDialogAsync(guest.Name);
        await boris.OpenDialogAsync(guest.Name);

        // Both requests wait here until both have been made, so neither could know of the other.
        var both = new Rendezvous(2);
        foreach (var console in new[] { anna, boris })
        {
            await console.Page.RouteAsync("**/handoff/takeover", async route =>
            {
                await both.ArriveAsync();
                await route.ContinueAsync();
            });
        }

        await Task.WhenAll(anna.TakeOver.ClickAsync(), boris.TakeOver.ClickAsync());
        await Expect(anna.TakeOver).ToHaveCountAsync(0);
        await Expect(boris.TakeOver).ToHaveCountAsync(0);
        var (winner, other) = await anna.Lock.IsVisibleAsync() ? (boris, anna) : (anna, boris);
        await Expect(winner.Composer).ToBeVisibleAsync();
        await Expect(other.Lock).ToBeVisibleAsync();
        await Expect(other.Toast).ToContainTextAsync("A colleague was faster.");
        Assert.Equal(0, await winner.Toast.CountAsync());

        await winner.SayAsync("I am with you");
        var heard = await guest.HearAsync<MessageEvent>(message => message.Sender == "manager");
        Assert.Equal("I am with you", heard.Text);
    }

    [Fact]
    public async Task Writing_Takes_The_Dialog_Over_And_A_Colleague_Who_Was_Faster_Keeps_The_Text_A_Draft()
    {
        var guest = await VisitAsync();
        await guest.SayAsync("Hello");
        var anna = await SignInAsync();
        await anna.OpenDialogAsync(guest.Name);
        await Expect(anna.Page.GetByRole(AriaRole.Button, new() { Name = "Take over and send" })).ToBeVisibleAsync();

        var boris = await SignInAsync(Boris);
        await boris.OpenDialogAsync(guest.Name);

        // Anna's takeover is on its way when Boris' is done.
        var mayGo = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await anna.Page.RouteAsync("**/handoff/request", async route =>
        {
            await mayGo.Task;
            await route.ContinueAsync();
        });
        await anna.Composer.FillAsync("A text that must not get lost");
        await anna.Composer.PressAsync("Enter");
        await boris.SayAsync("Hello, this is Boris");
        await Expect(anna.Lock).ToContainTextAsync("Boris answers");
        mayGo.SetResult();

        await Expect(anna.Toast).ToContainTextAsync("A colleague was faster.");
        await boris.Release.ClickAsync();
        await Expect(anna.Composer).ToHaveValueAsync("A text that must not get lost");
    }

    [Fact]
    public async Task Whoever_Takes_Over_In_Two_Ways_At_Once_Does_Not_Lose_To_Oneself_And_What_Is_Typed_Meanwhile_Stays()
    {
        var guest = await VisitAsync();
        await guest.SayAsync("Hello");
        await guest.SocketAsync();
        var console = await SignInAsync();
        await console.OpenDialogAsync(guest.Name);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayGo = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await console.Page.RouteAsync("**/handoff/takeover", async route =>
        {
            asked.TrySetResult();
            await mayGo.Task;
            await route.ContinueAsync();
        });

        await console.Composer.FillAsync("At your service");
        await console.TakeOver.ClickAsync();
        await asked.Task.Within("the takeover to be asked for");
        await console.Composer.PressAsync("Enter");
        await Expect(console.Composer).Not.ToBeEditableAsync();
        await console.Page.Keyboard.TypeAsync(", and this is typed too early");
        mayGo.SetResult();

        Assert.Equal("At your service", (await guest.HearAsync<MessageEvent>(message => message.Sender == "manager")).Text);
        await Expect(console.Composer).ToBeEditableAsync();
        await Expect(console.Composer).ToHaveValueAsync("");
        Assert.Equal(0, await console.Toast.CountAsync());
    }

    [Fact]
    public async Task A_Dialog_Stays_Ones_Own_Under_Another_Name()
    {
        var (guest, console) = await MeetAsync();
        using var anna = await Colleague.ComeAsync(Graph);
        await anna.RenameAsync(NewName("Anna"));
        try
        {
            await console.Page.ReloadAsync();
            await Expect(console.Release).ToBeVisibleAsync();
            await console.ExpectDialogConnectedAsync();
            await Expect(console.Composer).ToBeVisibleAsync();
            await Expect(console.Row(guest.Name)).ToContainTextAsync("You");
            await console.SayAsync("It is still me");
            Assert.Equal("It is still me", (await guest.HearAsync<MessageEvent>(message => message.Sender == "manager")).Text);
        }
        finally
        {
            await anna.RenameAsync("Anna");
        }
    }

    [Fact]
    public async Task An_Owner_Gives_Back_What_An_Operator_Holds()
    {
        var guest = await VisitAsync();
        await guest.SayAsync("Hello");
        var (anna, boris) = (await SignInAsync(), await SignInAsync(Boris));
        await boris.OpenDialogAsync(guest.Name);
        await boris.TakeOverAsync();
        await anna.OpenDialogAsync(guest.Name);
        await Expect(anna.Lock).ToBeVisibleAsync();
        await anna.Release.ClickAsync();
        await Expect(boris.TakeOver).ToBeVisibleAsync();
    }
}

/// <summary>Lets nobody go on until so many have come.</summary>
internal sealed class Rendezvous(int count)
{
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _missing = count;

    public Task ArriveAsync()
    {
        if (Interlocked.Decrement(ref _missing) <= 0)
        {
            _all.TrySetResult();
        }

        return _all.Task.Within("all to come");
    }
}
