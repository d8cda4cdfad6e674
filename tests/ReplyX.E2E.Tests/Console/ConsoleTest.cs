using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;

namespace ReplyX.E2E.Tests.Console;

/// <summary>What all tests of the console have: operators with browsers, and visitors, who leave when the test is over.</summary>
public abstract class ConsoleTest(BrowserGraph graph) : BrowserTest(graph)
{
    internal const string Anna = "anna@demo.replyx.dev";
    internal const string Boris = "boris@demo.replyx.dev";

    private readonly List<IAsyncDisposable> _guests = [];

    public override async ValueTask DisposeAsync()
    {
        foreach (var guest in _guests)
        {
            await guest.DisposeAsync();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>An operator at the inbox, with a browser of their own.</summary>
    private protected async Task<ConsoleView> SignInAsync(
        string login = Anna, int width = 1440, int height = 900, string locale = "en-GB", ColorScheme colors = ColorScheme.Light, bool touch = false)
    {
        var person = await ComeAsync(width, height, locale, colors, touch);
        var console = await ConsoleView.OpenAsync(Graph, person);
        await console.SignInAsync(login);
        return console;
    }

    /// <summary>A visitor of the demo account: of its site where nobody answers, or of the shop, where an assistant does.</summary>
    private protected async Task<Guest> VisitAsync(
        string? name = null, string? email = null, string? page = null, string? title = null, string assistantId = "demo")
    {
        var guest = await Guest.ComeAsync(Graph, name ?? NewName(), email, page, title, assistantId);
        _guests.Add(guest);
        return guest;
    }

    /// <summary>A visitor who has said hello and listens, and an operator who has taken the dialog over.</summary>
    private protected async Task<(Guest Guest, ConsoleView Console)> MeetAsync()
    {
        var guest = await VisitAsync();
        await guest.SayAsync("Hello");
        await guest.SocketAsync();
        var console = await SignInAsync();
        await console.OpenDialogAsync(guest.Name);
        await console.TakeOverAsync();
        return (guest, console);
    }

    /// <summary>A name that no other visitor of the graph has.</summary>
    protected static string NewName(string name = "Visitor") => $"{name} {Guid.NewGuid():N}"[..16];
}
