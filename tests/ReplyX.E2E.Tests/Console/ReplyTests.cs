using Microsoft.Playwright;
using ReplyX.Client;
using ReplyX.E2E.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace ReplyX.E2E.Tests.Console;

/// <summary>What an operator writes comes to the visitor, once, and the operator sees what became of it.</summary>
public sealed class ReplyTests(BrowserGraph graph) : ConsoleTest(graph)
{
    [Fact]
    public async Task A_Reply_Arrives_And_Is_Seen_To_Be_Read()
    {
        var (guest, console) = await MeetAsync();
        await console.SayAsync("Good morning!");

        var heard = await guest.HearAsync<MessageEvent>(message => message.Sender == "manager");
        Assert.Equal(("Good morning!", "Anna"), (heard.Text, heard.Author));
        await Expect(console.State("Good morning!", "sent")).ToBeVisibleAsync();
        await guest.ReadAsync(heard.Seq);
        await Expect(console.State("Good morning!", "read")).ToBeVisibleAsync();

        // The mark is known after a reload as well, when no event tells of it.
        await console.Page.ReloadAsync();
        await Expect(console.State("Good morning!", "read")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_Visitor_Hears_That_The_Team_Has_Read()
    {
        var guest = await VisitAsync();
        var seq = await guest.SayAsync("Hello");
        await guest.SocketAsync();
        var console = await SignInAsync();
        await console.OpenDialogAsync(guest.Name);
        var read = await guest.HearAsync<ReadEvent>(mark => mark.UpTo >= seq);
        Assert.Equal("manager", read.Sender);
    }

    [Fact]
    public async Task Each_Side_Sees_The_Other_Type()
    {
        var (guest, console) = await MeetAsync();

        await guest.TypeAsync();
        await Expect(console.Page.Locator("[data-typing=user]")).ToBeVisibleAsync();
        await guest.SayAsync("What I typed");
        await Expect(console.Bubble("What I typed")).ToBeVisibleAsync();
        await Expect(console.Page.Locator("[data-typing=user]")).ToHaveCountAsync(0);

        await console.Composer.PressSequentiallyAsync("An answer");
        var typing = await guest.HearAsync<TypingEvent>(event_ => event_.Sender == "manager" && event_.IsTyping);
        Assert.Equal("Anna", typing.Author);
    }

    [Fact]
    public async Task A_Message_That_The_Server_Refuses_Is_Told_And_Can_Be_Sent_Again()
    {
        var (guest, console) = await MeetAsync();

        // Somebody else holds it when the message comes, although the page still shows the composer: it is cut off for that moment.
        await console.Page.EvaluateAsync(
            """
            () => {
              const send = WebSocket.prototype.send;
              WebSocket.prototype.send = function (data) {
                const frame = data.startsWith('{') ? JSON.parse(data) : {};
                if (frame.type === 'message' && !globalThis.refusedOnce) {
                  globalThis.refusedOnce = true;
                  setTimeout(() => this.onmessage({ data: JSON.stringify({ type: 'error', code: 'handoff_active', client_id: frame.client_id, message: '' }) }));
                } else {
                  send.call(this, data);
                }
              };
            }
            """);
        await console.SayAsync("Twice tried");
        await Expect(console.State("Twice tried", "failed")).ToBeVisibleAsync();
        await console.Message("Twice tried").GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(console.State("Twice tried", "sent")).ToBeVisibleAsync();
        await Expect(console.Bubble("Twice tried")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task What_Was_Not_Answered_Yet_Is_Sent_After_A_Reload_And_Stored_Once()
    {
        var (guest, console) = await MeetAsync();

        // The message is swallowed on its way out.
        await console.Page.EvaluateAsync(
            """
            () => {
              const send = WebSocket.prototype.send;
              WebSocket.prototype.send = function (data) { if (!data.includes('"type":"message"')) send.call(this, data); };
            }
            """);
        await console.SayAsync("Written before the reload");
        await Expect(console.State("Written before the reload", "sending")).ToBeVisibleAsync();
        await console.Page.ReloadAsync();
        await Expect(console.State("Written before the reload", "sent")).ToBeVisibleAsync();
        await Expect(console.Bubble("Written before the reload")).ToHaveCountAsync(1);
        Assert.Equal("Written before the reload", (await guest.HearAsync<MessageEvent>(message => message.Sender == "manager")).Text);
    }

    [Fact]
    public async Task What_Is_On_Its_Way_When_Its_Tab_Is_Closed_Arrives()
    {
        var (guest, console) = await MeetAsync();

        // The message is held up on its way out.
        await console.Page.EvaluateAsync(
            """
            () => {
              const send = WebSocket.prototype.send;
              const held = [];
              WebSocket.prototype.send = function (data) {
                if (data.includes('"type":"message"')) held.push(() => this.readyState === 1 && send.call(this, data));
                else send.call(this, data);
              };
              globalThis.letGo = () => held.forEach((go) => go());
            }
            """);
        await console.SayAsync("Written before the tab was closed");
        await Expect(console.State("Written before the tab was closed", "sending")).ToBeVisibleAsync();
        await console.Page.GetByRole(AriaRole.Button, new() { Name = $"Close {guest.Name}" }).ClickAsync();
        await Expect(console.Head).ToHaveCountAsync(0);
        await console.Page.EvaluateAsync("() => letGo()");
        Assert.Equal("Written before the tab was closed", (await guest.HearAsync<MessageEvent>(message => message.Sender == "manager")).Text);
    }

    [Fact]
    public async Task A_Slash_Opens_The_Quick_Replies_And_A_Shortcut_Finds_One()
    {
        using var colleague = await Colleague.ComeAsync(Graph);
        await colleague.PutQuickRepliesAsync(("hello", "Hello, how can I help?"), ("ship", "We ship within two days."), ("bye", "Have a good day!"));
        var guest = await VisitAsync();
        await guest.SayAsync("How long does shipping take?");
        await guest.SocketAsync();
        var console = await SignInAsync();
        await console.OpenDialogAsync(guest.Name);
        await console.TakeOverAsync();

        await console.Composer.PressSequentiallyAsync("/");
        var options = console.Page.Locator("#quick-replies").GetByRole(AriaRole.Option);
        await Expect(options).ToHaveCountAsync(3);
        await console.Composer.PressSequentiallyAsync("sh");
        await Expect(options).ToHaveCountAsync(1);
        await console.Composer.PressAsync("Enter");
        await Expect(console.Composer).ToHaveValueAsync("We ship within two days.");
        await Expect(options).ToHaveCountAsync(0);
        await console.Composer.PressAsync("Enter");
        Assert.Equal("We ship within two days.", (await guest.HearAsync<MessageEvent>(message => message.Sender == "manager")).Text);

        await console.Composer.PressSequentiallyAsync("/zzz");
        await Expect(options).ToHaveCountAsync(0);
        await console.Composer.PressAsync("Enter");
        Assert.Equal("/zzz", (await guest.HearAsync<MessageEvent>(message => message.Sender == "manager")).Text);
    }

    [Fact]
    public async Task The_Assistants_Answer_Grows_As_It_Is_Written_And_Vanishes_Where_It_Is_Given_Up()
    {
        var guest = await VisitAsync();
        var asked = await guest.SayAsync("Hello");
        var person = await ComeToDeskAsync();
        await person.Context.AddInitScriptAsync(
            """
            const set = Object.getOwnPropertyDescriptor(WebSocket.prototype, 'onmessage').set;
            Object.defineProperty(WebSocket.prototype, 'onmessage', {
              set(listener) {
                if (/\/ws\/dialogs\/\d/u.test(this.url)) globalThis.bring = (frame) => listener({ data: JSON.stringify(frame) });
                set.call(this, listener);
              },
            });
            """);
        var console = await ConsoleView.OpenAsync(Graph, person);
        await console.SignInAsync(Anna);
        await console.OpenDialogAsync(guest.Name);
        var growing = console.Page.Locator(".bubble:has(.caret)");

        // Who missed the beginning waits for the whole.
        await BringAsync(console, "message_delta", asked + 1000, offset: 5, "the middle");
        await BringAsync(console, "message_delta", asked + 1001, offset: 0, "A growing");
        await Expect(growing).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("A growing$"));
        await BringAsync(console, "message_delta", asked + 1001, offset: 9, " answer <b>");
        await Expect(growing).ToContainTextAsync("A growing answer <b>");
        await BringAsync(console, "message_delta_end", asked + 1001);
        await Expect(growing).ToHaveCountAsync(0);
        await Expect(console.Bubble("the middle")).ToHaveCountAsync(0);
    }

    private static async Task BringAsync(ConsoleView console, string type, long replyTo, int offset = 0, string text = "") => await console.Page.EvaluateAsync(
        "(frame) => bring(frame)", new { type, sender = "assistant", reply_to = replyTo, offset, text });
}
