using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;
using ReplyX.E2E.Tests.Console;
using static Microsoft.Playwright.Assertions;

// Aspire.Hosting has one of that name as well.
using TempDirectory = ReplyX.Testing.TempDirectory;

namespace ReplyX.E2E.Tests.Pictures;

/// <summary>
/// One afternoon at the demo shop, photographed: these are the pictures of the docs. <c>docs/images/make.sh</c> has them written there by
/// <c>REPLYX_PICTURES</c>; without it they go nowhere, and the story is a test like the others.
/// </summary>
public sealed class PicturesTests(BrowserGraph graph) : ConsoleTest(graph)
{
    private const string Folder = "REPLYX_PICTURES";

    // A picture of nothing is smaller than this.
    private const int LeastBytes = 8 * 1024;

    // So that the plots have lines.
    private const int Samples = 12;

    private static readonly (string Name, string? Email, string Page, string Title, string[] Says)[] _others =
    [
        ("Jonas Weber", "jonas@example.org", "https://shop.example/tents/two", "Two-person tents", ["Does the small tent fit on a bicycle rack?"]),
        ("Amélie Laurent", null, "https://shop.example/boots", "Hiking boots", ["Bonjour !", "Do the boots run small?"]),
        ("Piotr Nowak", "p.nowak@example.org", "https://shop.example/orders/10471", "Your order", ["My order 10-471 has not moved since Monday."]),
        ("Мария Котова", null, "https://shop.example/jackets", "Jackets", ["Здравствуйте! Есть ли красная куртка в размере M?"]),
        ("Sven Lindqvist", null, "https://shop.example/backpacks/40", "Backpacks, 40 l", ["Is the 40 litre one allowed as hand luggage?"]),
        ("Grace Okafor", "grace@example.org", "https://shop.example/returns", "Returns", ["I sent the jacket back last week, when will I hear of it?", "The slip says 12 November."]),
    ];

    [Fact]
    public async Task An_Afternoon_At_The_Shop()
    {
        using var nowhere = new TempDirectory();
        var folder = Environment.GetEnvironmentVariable(Folder) ?? nowhere.Path;

        var visitor = await ComeAsync(width: 1280, height: 800);
        var shop = await Widget.OnAsync(Graph, await visitor.Context.NewPageAsync());
        await TakeAsync(shop.Page, "demo.png");
        await shop.Page.EvaluateAsync("() => ReplyX.identify({ name: 'Ingrid Solheim', email: 'ingrid@example.org' })");
        await shop.OpenAsync();
        await AskAsync(shop.Chat, "How long does a parcel to Norway take?");
        await AskAsync(shop.Chat, "And can I send boots back if they do not fit?");
        await shop.Chat.Get(".human-request").ClickAsync();

        foreach (var (name, email, page, title, says) in _others)
        {
            var guest = await VisitAsync(name, email, page, title);
            foreach (var text in says)
            {
                await guest.SayAsync(text);
            }

            if (says.Length > 1)
            {
                await guest.AskForPersonAsync();
            }
        }

        var console = await SignInAsync();
        await console.OpenDialogAsync("Ingrid Solheim");
        await Expect(console.Visitor).ToContainTextAsync("English");
        await console.TakeOverAsync();
        await console.SayAsync("Hello, this is Anna. Of course: 30 days, and the way back costs you nothing.");
        await Expect(shop.Chat.OthersBubbles.Last).ToContainTextAsync("this is Anna");
        await shop.Chat.SaySafelyAsync("Great, then I take a pair in 42. Thank you!");
        await Expect(console.Bubble("Great, then")).ToBeVisibleAsync();
        await TakeAsync(shop.Page, "widget-desk.png");
        await TakeAsync(console.Page, "console.png");

        await console.GoAsync("status");
        await Expect(console.Page.Locator(".uplot").First).ToBeVisibleAsync();
        for (var i = 0; i < Samples; i++)
        {
            await console.Page.WaitForResponseAsync(response => response.Url.EndsWith("/api/status", StringComparison.Ordinal));
            await shop.Chat.SayAsync($"{i + 1}…");
        }

        await TakeAsync(console.Page, "console-status.png");
        await console.Page.GotoAsync(console.Address("/console/settings/sites/shop/look").ToString());
        await Expect(console.Page.FrameLocator("iframe").Locator(".bubble").First).ToBeVisibleAsync();
        await Expect(console.Page.Locator(".settings-skeleton")).ToHaveCountAsync(0);
        await TakeAsync(console.Page, "settings.png");

        await TakeOfAsync("widget-phone.png", await ComeAsync(width: 390, height: 844, touch: true), "What does shipping cost?");
        await TakeOfAsync("widget-dark.png", await ComeAsync(width: 1280, height: 800, colors: ColorScheme.Dark), "How can I pay?");
        await TakeOfAsync("widget-russian.png", await ComeAsync(width: 1280, height: 800, locale: "ru-RU"), "Сколько идёт посылка?");
        visitor.AssertNoComplaints();
        console.Person.AssertNoComplaints();

        async Task TakeOfAsync(string file, Person person, string question)
        {
            var widget = await Widget.OnAsync(Graph, await person.Context.NewPageAsync());
            await widget.OpenAsync();
            await AskAsync(widget.Chat, question);
            await TakeAsync(widget.Page, file);
            person.AssertNoComplaints();
        }

        async Task TakeAsync(IPage page, string file)
        {
            await page.EvaluateAsync("() => document.fonts.ready");
            var picture = await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, file), Animations = ScreenshotAnimations.Disabled });
            Assert.True(picture.Length > LeastBytes, $"{file} has {picture.Length} bytes.");
        }
    }

    /// <summary>Asks, and waits for the whole of the assistant's answer.</summary>
    private static async Task AskAsync(ChatView chat, string question)
    {
        var answers = chat.Get(".message.other:not(.draft):not(.typing) .bubble");
        var before = await answers.CountAsync();
        await chat.SaySafelyAsync(question);
        await Expect(answers).ToHaveCountAsync(before + 1);
        await Expect(chat.Get(".message.draft, .message.typing")).ToHaveCountAsync(0);
    }
}
