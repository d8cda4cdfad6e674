using System.Text.Json;
using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;
using ReplyX.Testing;

namespace ReplyX.E2E.Tests.Settings;

public sealed class AssistantSettingsTests(BrowserGraph graph) : SettingsTest(graph)
{
    [Fact]
    public async Task What_is_saved_is_what_the_try_out_answers()
    {
        var person = await ComeToDeskAsync();
        var page = await OpenAsync(person);

        await page.GetByRole(AriaRole.Switch, new() { Name = "Assistant answers visitors" }).CheckAsync();
        await page.Button("Add question").ClickAsync();
        await page.GetByLabel("Question", new() { Exact = true }).FillAsync("Do you repair bicycles?");
        await page.GetByLabel("Answer", new() { Exact = true }).FillAsync("Yes, <b>all</b> of them.");
        await page.SaveAsync();
        await AskAsync(page, "Do you repair bicycles?");
        await Assertions.Expect(page.GetByRole(AriaRole.Status).GetByText("Yes, <b>all</b> of them.")).ToBeVisibleAsync();

        // What is unsaved is not answered yet, and the page says so.
        await page.GetByLabel("Answer", new() { Exact = true }).FillAsync("Only on Mondays.");
        await Assertions.Expect(page.GetByText("The assistant answers as it is saved.")).ToBeVisibleAsync();
        await page.SaveAsync();
        await AskAsync(page, "Do you repair bicycles?");
        await Assertions.Expect(page.GetByRole(AriaRole.Status).GetByText("Only on Mondays.")).ToBeVisibleAsync();

        await AskAsync(page, "human");
        await Assertions.Expect(page.GetByText("Hands over")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Switch, new() { Name = "Assistant answers visitors" })).ToBeCheckedAsync();
        person.AssertNoComplaints();
    }

    [Fact]
    public async Task Questions_are_found_ordered_and_removed()
    {
        var person = await ComeToDeskAsync();
        var page = await OpenAsync(person);
        await ImportAsync(page, """[{"question":"One?","answer":"1"},{"question":"Two?","answer":"2"},{"question":"Three?","answer":"3"},{"question":"Four?","answer":"4"}]""");
        await Assertions.Expect(Questions(page)).ToHaveTextAsync(["One?", "Two?", "Three?", "Four?"]);

        await page.Button("Move up: Three?").ClickAsync();
        await page.Button("Remove: One?").ClickAsync();
        await Assertions.Expect(Questions(page)).ToHaveTextAsync(["Three?", "Two?", "Four?"]);
        await page.SaveAsync();
        await page.ReloadAsync();
        await Assertions.Expect(Questions(page)).ToHaveTextAsync(["Three?", "Two?", "Four?"]);
        person.AssertNoComplaints();
    }

    [Fact]
    public async Task Questions_are_searched_exported_and_imported_without_doubles()
    {
        var person = await ComeToDeskAsync();
        var page = await OpenAsync(person);
        await ImportAsync(page, """[{"question":"One?","answer":"first"},{"question":"Two?","answer":"second"},{"question":"Three?","answer":"third"},{"question":"Four?","answer":"fourth"}]""");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("SECOND");
        await Assertions.Expect(Questions(page)).ToHaveTextAsync(["Two?"]);
        await page.GetByRole(AriaRole.Searchbox).FillAsync("");

        var download = await page.RunAndWaitForDownloadAsync(() => page.Button("Export").ClickAsync());
        await using var file = await download.CreateReadStreamAsync();
        using var exported = await JsonDocument.ParseAsync(file, cancellationToken: TestTimeout.Token());
        Assert.Equal(4, exported.RootElement.GetArrayLength());
        Assert.Equal("second", exported.RootElement[1].GetProperty("answer").GetString());

        await ImportAsync(page, """{"answers":[{"question":"Two?","answer":"again"},{"question":"Five?","answer":"fifth"}]}""");
        await Assertions.Expect(Questions(page)).ToHaveTextAsync(["One?", "Two?", "Three?", "Four?", "Five?"]);
        await ImportAsync(page, """[{"question":6}]""");
        await Assertions.Expect(page.GetByText("This file is not a JSON list")).ToBeVisibleAsync();
        await Assertions.Expect(Questions(page)).ToHaveCountAsync(5);
    }

    [Fact]
    public async Task What_a_model_needs_is_asked_for_before_it_is_sent()
    {
        var person = await ComeToDeskAsync();
        var page = await OpenAsync(person);

        await page.GetByRole(AriaRole.Radio, new() { Name = "Language model" }).CheckAsync();
        await page.GetByLabel("Endpoint", new() { Exact = true }).FillAsync("models.example");
        await page.Button("Save").ClickAsync();

        await Assertions.Expect(page.GetByLabel("Endpoint", new() { Exact = true })).ToBeFocusedAsync();
        await Assertions.Expect(page.GetByText("An address that begins with https:// or http://.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Model", new() { Exact = true })).ToHaveAttributeAsync("aria-invalid", "true");
    }

    private async Task<IPage> OpenAsync(Person person)
    {
        var account = await AccountAsync();
        var site = await account.AddSiteAsync("Bike shop", "https://bikes.example");
        var page = await account.OpenAsync(person, account.Owner, $"/settings/assistant/{site}");
        return await page.UntilLoadedAsync("Assistant");
    }

    private static async Task AskAsync(IPage page, string question)
    {
        await page.GetByLabel("Question to the assistant").FillAsync(question);
        await page.GetByLabel("Question to the assistant").PressAsync("Enter");
        await Assertions.Expect(page.Locator(".tried-line.own")).ToContainTextAsync(question);
        await Assertions.Expect(page.GetByText("Thinking…")).ToHaveCountAsync(0);
    }

    private static Task ImportAsync(IPage page, string json) => page.Locator("input[type=file]").SetInputFilesAsync(
        new FilePayload { Name = "answers.json", MimeType = "application/json", Buffer = System.Text.Encoding.UTF8.GetBytes(json) });

    private static ILocator Questions(IPage page) => page.Locator(".answer-open .row-name");
}
