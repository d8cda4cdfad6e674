using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ReplyX.Client;
using ReplyX.E2E.Tests.Browser;
using ReplyX.Testing;
using static Microsoft.Playwright.Assertions;

namespace ReplyX.E2E.Tests.Console;

/// <summary>What visitors do is in the list at once, and the list finds what one looks for.</summary>
public sealed class InboxTests(BrowserGraph graph) : ConsoleTest(graph)
{
    [Fact]
    public async Task A_Visitor_Who_Writes_Comes_Up_In_The_List_As_Unread()
    {
        var console = await SignInAsync();
        var guest = await VisitAsync();
        await guest.SayAsync("Do you ship to Denmark?");

        await Expect(console.Row(guest.Name)).ToContainTextAsync("Do you ship to Denmark?");
        await Expect(console.Row(guest.Name).Locator(".badge")).ToHaveAttributeAsync("aria-label", new Regex("^[0-9]+ unread message"));
    }

    [Fact]
    public async Task Who_Asks_For_A_Person_Waits_And_The_Time_Ticks()
    {
        var console = await SignInAsync();
        var guest = await VisitAsync(assistantId: "shop");
        await guest.SayAsync("When are you open?");
        await Expect(console.Row(guest.Name)).ToContainTextAsync("Assistant: ");
        var others = CountIn(await console.Page.TitleAsync());
        await guest.AskForPersonAsync();

        var clock = console.Row(guest.Name).Locator(".tag.waiting .digits");
        await Expect(clock).ToHaveTextAsync(new Regex("^[0-9]+:[0-9]{2}$"));
        var before = await clock.TextContentAsync();
        await Expect(clock).Not.ToHaveTextAsync(before!);
        await Expect(console.Page).ToHaveTitleAsync(new Regex($@"^\({others + 1}\) Inbox"));
        await Expect(console.Page.Locator("link[rel=icon]")).ToHaveAttributeAsync("href", new Regex("icon-dot.svg$"));

        await console.OpenDialogAsync(guest.Name);
        await console.TakeOverAsync();
        await console.SayAsync("Here I am");
        await Expect(console.Row(guest.Name).Locator(".tag.waiting")).ToHaveCountAsync(0);
        await Expect(console.Page).ToHaveTitleAsync(new Regex(others == 0 ? "^Inbox" : $@"^\({others}\) Inbox"));
    }

    [Fact]
    public async Task Where_No_Assistant_Answers_Whoever_Writes_Waits_For_A_Person()
    {
        var console = await SignInAsync();
        var guest = await VisitAsync();
        await guest.SayAsync("Is anybody there?");
        var row = console.Row(guest.Name);
        await Expect(row.Locator(".tag.waiting .digits")).ToHaveTextAsync(new Regex("^[0-9]+:[0-9]{2}$"));
        await Expect(row.Locator(".tag", new() { HasText = "Assistant" })).ToHaveCountAsync(0);

        // The server says so too.
        await console.Page.ReloadAsync();
        var filters = console.Page.Locator(".list-filters");
        await console.Search.FillAsync(guest.Name);
        await filters.GetByRole(AriaRole.Button, new() { Name = "Assistant" }).ClickAsync();
        await Expect(console.NothingFound).ToBeVisibleAsync();
        await filters.GetByRole(AriaRole.Button, new() { Name = "Waiting" }).ClickAsync();
        await Expect(row.Locator(".tag.waiting")).ToBeVisibleAsync();
        await filters.GetByRole(AriaRole.Button, new() { Name = "All" }).ClickAsync();

        await console.OpenDialogAsync(guest.Name);
        var answers = console.Page.Locator(".dialog-holder");
        await Expect(answers).ToHaveTextAsync("Waits for a person");
        await Expect(console.Page.Locator(".dialog-pane .avatar.bot")).ToHaveCountAsync(0);
        await console.TakeOverAsync();
        await console.SayAsync("Yes, here I am");
        await Expect(row.Locator(".tag.waiting")).ToHaveCountAsync(0);
        await console.Release.ClickAsync();
        await Expect(answers).ToHaveTextAsync("The team answers");
        await Expect(console.Page.Locator(".row-event").Last).ToContainTextAsync("Given back to the team ·");
        await Expect(row.Locator(".tag", new() { HasText = "Assistant" })).ToHaveCountAsync(0);

        // Where one does, nobody waits for a person, and it has the dialog.
        var other = await VisitAsync(assistantId: "shop");
        await other.SayAsync("When are you open?");
        await console.Search.FillAsync(other.Name);
        await Expect(console.Row(other.Name).Locator(".tag", new() { HasText = "Assistant" })).ToBeVisibleAsync();
        await console.OpenDialogAsync(other.Name);
        await Expect(answers).ToHaveTextAsync("The assistant answers");
        await Expect(console.Page.Locator(".dialog-pane .avatar.bot").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_One_Operator_Reads_Is_Read_For_All()
    {
        var guest = await VisitAsync();
        await guest.SayAsync("Hello");
        var (anna, boris) = (await SignInAsync(), await SignInAsync(Boris));
        await Expect(anna.Row(guest.Name).Locator(".badge")).ToBeVisibleAsync();
        await Expect(boris.Row(guest.Name).Locator(".badge")).ToBeVisibleAsync();

        await anna.OpenDialogAsync(guest.Name);
        await Expect(anna.Row(guest.Name).Locator(".badge")).ToHaveCountAsync(0);
        await Expect(boris.Row(guest.Name).Locator(".badge")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Search_And_Filters_Show_What_They_Say()
    {
        var (plain, waiting) = (await VisitAsync(email: "someone@kettles.example", assistantId: "shop"), await VisitAsync());
        await plain.SayAsync("Is the blue kettle in stock?");
        await waiting.SayAsync("A person, please");
        await waiting.AskForPersonAsync();
        var console = await SignInAsync();
        var filters = console.Page.Locator(".list-filters");

        // Only rows in sight are in the page, and other tests leave dialogs: a search leaves the one that is asked about.
        await filters.GetByRole(AriaRole.Button, new() { Name = "Waiting" }).ClickAsync();
        await console.Search.FillAsync(waiting.Name);
        await Expect(console.Row(waiting.Name)).ToBeVisibleAsync();
        await console.Search.FillAsync(plain.Name);
        await Expect(console.NothingFound).ToBeVisibleAsync();

        await filters.GetByRole(AriaRole.Button, new() { Name = "Assistant" }).ClickAsync();
        await Expect(console.Row(plain.Name)).ToBeVisibleAsync();
        await console.Search.FillAsync(waiting.Name);
        await Expect(console.NothingFound).ToBeVisibleAsync();

        await filters.GetByRole(AriaRole.Button, new() { Name = "All" }).ClickAsync();
        await Expect(console.Row(waiting.Name)).ToBeVisibleAsync();
        foreach (var query in new[] { plain.Name, plain.Name.ToUpperInvariant(), plain.Id.ToString(CultureInfo.InvariantCulture) })
        {
            // Or what the query before found would do.
            await console.Search.FillAsync("nobody is called this");
            await Expect(console.NothingFound).ToBeVisibleAsync();
            await console.Search.FillAsync(query);
            await Expect(console.List.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
            await Expect(console.Row(plain.Name)).ToBeVisibleAsync();
        }

        await console.Search.FillAsync("nobody is called this");
        await Expect(console.NothingFound).ToBeVisibleAsync();
        await console.Search.PressAsync("Escape");
        await Expect(console.Row(waiting.Name)).ToBeVisibleAsync();
        await Expect(console.Row(plain.Name)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_Filter_Stays_Live()
    {
        var console = await SignInAsync();
        await console.Page.Locator(".list-filters").GetByRole(AriaRole.Button, new() { Name = "Waiting" }).ClickAsync();
        var guest = await VisitAsync();

        // Among all who wait the row might be out of sight.
        await console.Search.FillAsync(guest.Name);
        await Expect(console.NothingFound).ToBeVisibleAsync();
        await guest.SayAsync("Hello");
        await guest.AskForPersonAsync();
        await Expect(console.Row(guest.Name)).ToBeVisibleAsync();

        var boris = await SignInAsync(Boris);
        await boris.OpenDialogAsync(guest.Name);
        await boris.SayAsync("Hello from Boris");
        await Expect(console.NothingFound).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Who_Comes_To_Wait_While_A_Filter_Loads_Is_In_The_List()
    {
        var console = await SignInAsync();
        var guest = await VisitAsync();
        await console.Search.FillAsync(guest.Name);
        await Expect(console.NothingFound).ToBeVisibleAsync();

        // The answer is from before the visitor asks, and comes after that.
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayCome = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await console.Page.RouteAsync("**/api/dialogs?*filter=waiting*", async route =>
        {
            var answer = await route.FetchAsync();
            answered.TrySetResult();
            await mayCome.Task;
            await route.FulfillAsync(new RouteFulfillOptions { Response = answer });
        });
        await console.Page.Locator(".list-filters").GetByRole(AriaRole.Button, new() { Name = "Waiting" }).ClickAsync();
        await answered.Task.Within("the list to be answered");
        await guest.SayAsync("Hello");
        await guest.AskForPersonAsync();
        await Expect(console.Row(guest.Name)).ToBeVisibleAsync();
        mayCome.SetResult();
        await Expect(console.Page.Locator(".list-pane > [role=status]").Last).ToHaveTextAsync("1 dialog");
        await Expect(console.Row(guest.Name)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_Is_Searched_For_Is_Found_Behind_An_Empty_Page()
    {
        var guest = await VisitAsync();
        await guest.SayAsync("Hello");
        var console = await SignInAsync();

        // As where the server has looked at a thousand others first.
        await console.Page.RouteAsync("**/api/dialogs?*q=*", async route =>
        {
            var url = route.Request.Url;
            if (url.Contains("offset=0", StringComparison.Ordinal))
            {
                await route.FulfillAsync(new() { Json = new { items = Array.Empty<object>(), total = 1001, next_offset = 1000, cursor = "0-0" } });
            }
            else
            {
                await route.FulfillAsync(new() { Response = await route.FetchAsync(new() { Url = url.Replace("offset=1000", "offset=0", StringComparison.Ordinal) }) });
            }
        });
        await console.Search.FillAsync(guest.Id.ToString(CultureInfo.InvariantCulture));
        await Expect(console.List.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await Expect(console.Row(guest.Name)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_Was_Read_While_The_Socket_Was_Away_Is_Read()
    {
        var guest = await VisitAsync();
        var seq = await guest.SayAsync("Hello");
        await guest.SocketAsync();
        var console = await SignInAsync();
        await Expect(console.Row(guest.Name).Locator(".badge")).ToBeVisibleAsync();

        Graph.Wire.Break();
        await Expect(console.Page.Locator(".list-pane [data-connection=reconnecting]")).ToBeAttachedAsync();
        using var boris = await Desk.SignInAsync(Graph, Boris);
        await using (var socket = await boris.WatchAsync(Graph, guest.Id))
        {
            Assert.True(await socket.MarkReadAsync(seq));
            await guest.HearAsync<ReadEvent>(mark => mark.Sender == "manager" && mark.UpTo >= seq);
        }

        Graph.Wire.Mend();
        await console.ExpectConnectedAsync();
        await Expect(console.Row(guest.Name).Locator(".badge")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Who_The_Visitor_Is_And_Where_Is_Beside_The_Dialog()
    {
        var guest = await VisitAsync(email: "clara@example.org", page: "https://shop.example/orders/18842?step=2#secret", title: "Order 18842");
        await guest.SayAsync("Where is my order?");
        var console = await SignInAsync();
        await console.OpenDialogAsync(guest.Name);

        await Expect(console.Visitor).ToContainTextAsync(guest.Name);
        await Expect(console.Visitor.GetByRole(AriaRole.Link, new() { Name = "clara@example.org" })).ToHaveAttributeAsync("href", "mailto:clara@example.org");
        await Expect(console.Visitor).ToContainTextAsync("Order 18842");
        await Expect(console.Visitor.GetByRole(AriaRole.Link, new() { Name = "shop.example/orders/18842" }))
            .ToHaveAttributeAsync("rel", "noopener noreferrer nofollow");
        await Expect(console.Visitor).ToContainTextAsync("British English");

        var name = NewName("Clara");
        await guest.IntroduceAsync(name);
        await Expect(console.Visitor).ToContainTextAsync(name);
        await Expect(console.Head).ToContainTextAsync(name);
        await Expect(console.Row(name)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Several_Dialogs_Stay_Open_And_Are_Closed_One_By_One()
    {
        var (first, second) = (await VisitAsync(), await VisitAsync());
        await first.SayAsync("The first");
        await second.SayAsync("The second");
        var console = await SignInAsync();
        await console.OpenDialogAsync(first.Name);
        await console.Composer.FillAsync("A draft for the first");
        await console.OpenDialogAsync(second.Name);
        await Expect(console.Composer).ToHaveValueAsync("");

        var tabs = console.Page.GetByRole(AriaRole.Navigation, new() { Name = "Open dialogs" });
        await first.SayAsync("Are you there?");
        await Expect(tabs.GetByRole(AriaRole.Link, new() { Name = first.Name }).Locator(".dot")).ToBeVisibleAsync();
        await tabs.GetByRole(AriaRole.Link, new() { Name = first.Name }).ClickAsync();
        await Expect(console.Bubble("Are you there?")).ToBeVisibleAsync();
        await Expect(console.Composer).ToHaveValueAsync("A draft for the first");

        await tabs.GetByRole(AriaRole.Button, new() { Name = $"Close {first.Name}" }).ClickAsync();
        await Expect(console.Head).ToContainTextAsync(second.Name);
        await Expect(tabs.GetByRole(AriaRole.Link)).ToHaveCountAsync(1);

        // The middle button closes a tab, and does not open the link in another one of the browser.
        var isPrevented = console.Page.EvaluateAsync<bool>(
            "() => new Promise((resolve) => addEventListener('auxclick', (event) => resolve(event.defaultPrevented), { once: true }))");
        await tabs.GetByRole(AriaRole.Link).ClickAsync(new() { Button = MouseButton.Middle });
        await Expect(console.Head).ToHaveCountAsync(0);
        Assert.True(await isPrevented);
    }

    [Fact]
    public async Task The_Inbox_Is_The_Same_After_Settings_As_It_Was_Before()
    {
        // Where everything is, and how it is laid out; of a scrolling box how much is in it, too.
        const string Geometry =
            """
            () => [...document.querySelectorAll('.inbox, .list-pane > *, .search *, .virtual-list *, .dialog-pane > *, .dialog-body *, .visitor-pane > *')]
              .filter((element) => !element.closest('svg *, .tag.waiting'))
              .map((element) => {
                const { x, y, width, height } = element.getBoundingClientRect();
                const box = [x, y, width, height, element.clientWidth, element.scrollHeight].map(Math.round).join(' ');
                return `${element.tagName} ${element.getAttribute('class')}: ${getComputedStyle(element).display} ${box}`;
              })
            """;
        var guest = await VisitAsync();
        await guest.SayAsync("Where is my parcel?");
        var console = await SignInAsync();

        await console.Search.FillAsync(guest.Name);
        await Expect(console.List.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await console.OpenDialogAsync(guest.Name);
        await Expect(console.Bubble("Where is my parcel?")).ToBeVisibleAsync();
        await Expect(console.Row(guest.Name).Locator(".badge")).ToHaveCountAsync(0);
        var before = await console.Page.EvaluateAsync<string[]>(Geometry);

        // Its styles come with it, and stay.
        await console.GoAsync("settings");
        await Expect(console.Page.Locator(".settings-page h1")).ToBeVisibleAsync();
        await console.GoAsync("inbox");
        await console.OpenDialogAsync(guest.Name);
        await Expect(console.Bubble("Where is my parcel?")).ToBeVisibleAsync();
        await Expect(console.Search).ToHaveValueAsync(guest.Name);
        var after = await console.Page.EvaluateAsync<string[]>(Geometry);

        Assert.Equal(before, after);
    }

    [Fact]
    public async Task The_Keyboard_Alone_Will_Do()
    {
        // Who waits longest comes first, whatever the assistant says meanwhile.
        var name = NewName("Key");
        var (first, second) = (await VisitAsync(name + " 1"), await VisitAsync(name + " 2"));
        foreach (var guest in new[] { first, second })
        {
            await guest.SayAsync("Hello");
            await guest.AskForPersonAsync();
        }

        var console = await SignInAsync();
        var keyboard = console.Page.Keyboard;
        await console.Page.Locator(".list-filters").GetByRole(AriaRole.Button, new() { Name = "Waiting" }).ClickAsync();
        await keyboard.PressAsync("/");
        await Expect(console.Search).ToBeFocusedAsync();
        await keyboard.TypeAsync(name);
        await Expect(console.List.GetByRole(AriaRole.Option)).ToHaveCountAsync(2);
        await console.Search.BlurAsync();

        await keyboard.PressAsync("j");
        await keyboard.PressAsync("j");
        await keyboard.PressAsync("k");
        await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("Enter");
        await Expect(console.Head).ToContainTextAsync(second.Name);
        await console.ExpectDialogConnectedAsync();
        await Expect(console.Composer).ToBeFocusedAsync();
        await keyboard.TypeAsync("jk? is text here");
        await Expect(console.Composer).ToHaveValueAsync("jk? is text here");

        await keyboard.PressAsync("Escape");
        await keyboard.PressAsync("t");
        await Expect(console.Release).ToBeVisibleAsync();
        await Expect(console.Composer).ToBeFocusedAsync();
        await keyboard.PressAsync("Escape");
        await keyboard.PressAsync("?");
        await Expect(console.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard shortcuts" })).ToBeVisibleAsync();
        await console.Page.GetByLabel("Single keys are shortcuts").UncheckAsync();
        await keyboard.PressAsync("Escape");
        await Expect(console.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);

        await keyboard.PressAsync("?");
        await keyboard.PressAsync("x");
        await Expect(console.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(console.Head).ToContainTextAsync(second.Name);
        await keyboard.PressAsync("Escape");
        await Expect(console.Page).ToHaveURLAsync(console.Address("/console/inbox").ToString());
    }

    [Fact]
    public async Task The_Help_Is_Closed_Where_A_Press_Ends_And_Only_If_It_Also_Began_Outside()
    {
        var console = await SignInAsync();
        var (mouse, help) = (console.Page.Mouse, console.Page.GetByRole(AriaRole.Dialog));
        await console.Page.Keyboard.PressAsync("?");
        var title = (await help.GetByRole(AriaRole.Heading).First.BoundingBoxAsync())!;

        // Who has pressed by mistake takes it back by letting go elsewhere.
        await mouse.MoveAsync(5, 5);
        await mouse.DownAsync();
        await Expect(help).ToBeVisibleAsync();
        await mouse.MoveAsync(title.X + 5, title.Y + 5);
        await mouse.UpAsync();
        await Expect(help).ToBeVisibleAsync();

        await mouse.DownAsync();
        await mouse.MoveAsync(5, 5);
        await mouse.UpAsync();
        await Expect(help).ToBeVisibleAsync();

        await mouse.DownAsync();
        await mouse.UpAsync();
        await Expect(help).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_Long_Conversation_Is_Loaded_As_It_Is_Scrolled()
    {
        const int Count = 150;
        var guest = await VisitAsync();
        await guest.SayAsync("Tell me everything.");
        using var colleague = await Colleague.ComeAsync(Graph);
        for (var i = 1; i <= Count; i++)
        {
            await colleague.SayAsync(guest.Id, $"Message number {i}.");
        }

        var console = await SignInAsync();
        await console.OpenDialogAsync(guest.Name);
        await Expect(console.Bubble($"Message number {Count}.")).ToBeInViewportAsync();
        Assert.True(await console.Page.Locator(".bubble").CountAsync() < Count);

        var first = console.Bubble("Message number 1.");
        var log = console.Page.GetByRole(AriaRole.Log);
        var limit = TestTimeout.Token();
        while (await first.CountAsync() == 0)
        {
            limit.ThrowIfCancellationRequested();

            // Each step loads or renders what is above; the next one waits for nothing but the frame.
            await log.EvaluateAsync("(element) => new Promise((resolve) => { element.scrollTop = 0; requestAnimationFrame(() => setTimeout(resolve)); })");
        }

        await Expect(first).ToBeVisibleAsync();
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "To the latest" }).ClickAsync();
        await Expect(console.Bubble($"Message number {Count}.")).ToBeInViewportAsync();
    }

    /// <summary>How many dialogs with news a page's title tells of.</summary>
    private static int CountIn(string title) =>
        Regex.Match(title, @"^\(([0-9]+)\)") is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
}
