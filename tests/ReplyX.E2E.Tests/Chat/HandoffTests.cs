using Microsoft.Playwright;
using ReplyX.Client;
using ReplyX.E2E.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace ReplyX.E2E.Tests.Chat;

/// <summary>A person is asked for, comes and goes.</summary>
public sealed class HandoffTests(BrowserGraph graph) : BrowserTest(graph)
{
    [Fact]
    public async Task A_Person_Is_Asked_For_Joins_And_Leaves()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeAsync();
        var (page, chat) = await ChatView.OpenAsync(Graph, visitor, "assistant_id=shop");
        await Expect(chat.Title).ToHaveTextAsync("Nordlicht Outdoor");
        await Expect(chat.Get(".chat-subtitle")).ToHaveTextAsync("Answers your questions");

        // Who asks for a person as the first thing has a dialog by it.
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Talk to a person" }).ClickAsync();
        await Expect(chat.Get(".human-waiting")).ToBeVisibleAsync();
        await Expect(chat.SystemLines.Last).ToContainTextAsync("You asked for a person.");
        var dialog = await chat.DialogAsync();

        // The focus stays on what was pressed, whatever it is for by then.
        await Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Cancel" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(chat.SystemLines.Last).ToContainTextAsync("The request for a person was withdrawn.");
        await Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Talk to a person" })).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Talk to a person" }).ClickAsync();
        await Expect(chat.Get(".human-waiting")).ToBeVisibleAsync();

        await desk.StepAsync(dialog, HandoffStep.Takeover);
        await desk.SayAsync(dialog, "Anna here.");
        await Expect(chat.SystemLines.Last).ToContainTextAsync("Anna joined the chat.");
        await Expect(chat.Title).ToHaveTextAsync("Anna");
        await Expect(chat.Get(".human-bar")).ToHaveCountAsync(0);
        await Expect(chat.OthersBubbles.Last).ToHaveTextAsync("Anna here.");

        // It is the same for who comes back.
        await page.ReloadAsync();
        await Expect(chat.Title).ToHaveTextAsync("Anna");

        await desk.StepAsync(dialog, HandoffStep.Release);
        await Expect(chat.SystemLines.Last).ToContainTextAsync("Anna left the chat. The assistant answers again.");
        await Expect(chat.Title).ToHaveTextAsync("Nordlicht Outdoor");
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Where_No_Assistant_Answers_The_Chat_Speaks_Of_The_Team()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeAsync();
        var (page, chat) = await ChatView.OpenAsync(Graph, visitor);
        await Expect(chat.Title).ToHaveTextAsync("Demo shop");
        await Expect(chat.Get(".chat-subtitle")).ToHaveTextAsync("Our team answers your questions");
        await Expect(chat.Get(".message-author")).ToHaveTextAsync("Team");
        await Expect(chat.Get(".avatar.bot")).ToHaveCountAsync(0);
        await Expect(chat.Get(".avatar.team")).ToHaveCountAsync(3);

        // Everybody is answered by a person, so nobody has to ask for one.
        await Expect(chat.Get(".human-bar")).ToHaveCountAsync(0);
        await chat.SaySafelyAsync("Good morning!");
        var dialog = await chat.DialogAsync();
        await desk.StepAsync(dialog, HandoffStep.Request);
        await desk.StepAsync(dialog, HandoffStep.Takeover);
        await Expect(chat.Title).ToHaveTextAsync("Anna");
        await desk.StepAsync(dialog, HandoffStep.Release);
        await Expect(chat.SystemLines.Last).ToContainTextAsync("Anna left the chat. The team answers what you write next.");
        await Expect(chat.Title).ToHaveTextAsync("Demo shop");
        await Expect(chat.Get(".avatar.bot")).ToHaveCountAsync(0);

        // What stands last has room below it, also where the conversation is longer than the window.
        await page.SetViewportSizeAsync(400, 400);
        await Expect(chat.SystemLines.Last).ToBeInViewportAsync();
        var room = await page.EvaluateAsync<double>(
            "() => document.querySelector('.composer').getBoundingClientRect().top - document.querySelector('.row:last-child').getBoundingClientRect().bottom");
        Assert.InRange(room, 8, 24);
        visitor.AssertNoComplaints();
    }
}
