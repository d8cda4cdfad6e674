using Microsoft.Playwright;

namespace ReplyX.E2E.Tests.Browser;

/// <summary>What all tests in a browser have: the graph, and people who leave when the test is over.</summary>
[Collection(InBrowser.Name)]
public abstract class BrowserTest : IAsyncLifetime
{
    private readonly List<Person> _people = [];

    protected BrowserTest(BrowserGraph graph)
    {
        graph.Require();
        Graph = graph;
    }

    protected BrowserGraph Graph { get; }

    public ValueTask InitializeAsync()
    {
        Graph.Wire.Mend();
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var person in _people)
        {
            await person.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Somebody at a desk, where a window is wide.</summary>
    protected Task<Person> ComeToDeskAsync() => ComeAsync(width: 1440, height: 900);

    protected async Task<Person> ComeAsync(
        int width = 400, int height = 680, string locale = "en-GB", ColorScheme colors = ColorScheme.Light, bool touch = false)
    {
        var person = await Person.ComeAsync(Graph.Browser, width, height, locale, colors, touch);
        _people.Add(person);
        return person;
    }
}
