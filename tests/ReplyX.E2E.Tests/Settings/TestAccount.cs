using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;
using ReplyX.Testing;

namespace ReplyX.E2E.Tests.Settings;

/// <summary>An account that nobody else uses, so that what a test changes is its own.</summary>
internal sealed class TestAccount : IDisposable
{
    public const string Password = "a password for tests";

    private readonly BrowserGraph _graph;
    private readonly HttpClient _http;

    private TestAccount(BrowserGraph graph, HttpClient http, string name)
    {
        _graph = graph;
        _http = http;
        Name = name;
    }

    public string Name { get; }

    /// <summary>Its first owner.</summary>
    public TestOperator Owner { get; private set; } = null!;

    public static async Task<TestAccount> CreateAsync(BrowserGraph graph, string name = "Bicycles & more")
    {
        var http = new HttpClient { BaseAddress = graph.Api };
        try
        {
            var account = new TestAccount(graph, http, name);
            var made = await account.PostAsync("/internal/accounts", new { name }, token: null);
            account.Owner = await account.AcceptAsync(made.GetProperty("invitation"), "Olga Owner");
            return account;
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    /// <summary>Somebody who has joined the account.</summary>
    public async Task<TestOperator> AddAsync(string name, string role = "operator") =>
        await AcceptAsync(await PostAsync("/api/invitations", new { role, name }, Owner.Token), name);

    public async Task<string> AddSiteAsync(string name, params string[] origins) =>
        (await PostAsync("/api/sites", new { name, origins, welcome = "Hello!" }, Owner.Token)).GetProperty("id").GetString()!;

    /// <summary>Opens a page of the console, where the sign-in comes first.</summary>
    public async Task<IPage> OpenAsync(Person person, TestOperator who, string path)
    {
        var page = await person.OpenAsync(new Uri(_graph.Api, $"/console{path}"));
        await page.Locator("#login").FillAsync(who.Login);
        await page.Locator("#password").FillAsync(Password);
        await page.Locator("button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator(".shell")).ToBeVisibleAsync();
        return page;
    }

    public Task<JsonElement> PostAsync(string path, object body) => PostAsync(path, body, Owner.Token);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token, object? body = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return _http.SendAsync(request, TestTimeout.Token());
    }

    public void Dispose() => _http.Dispose();

    private async Task<TestOperator> AcceptAsync(JsonElement invitation, string name)
    {
        var login = $"{Guid.NewGuid():N}@shop.example";
        var secret = new Uri(invitation.GetProperty("url").GetString()!).Fragment[1..];
        var answer = await PostAsync("/api/invitations/accept", new { secret, name, login, password = Password }, token: null);
        return new TestOperator(name, login, answer.GetProperty("token").GetString()!);
    }

    private async Task<JsonElement> PostAsync(string path, object body, string? token)
    {
        using var response = await SendAsync(HttpMethod.Post, path, token, body);
        Assert.True(response.IsSuccessStatusCode, $"{path} answered {(int)response.StatusCode}");
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestTimeout.Token());
    }
}

/// <summary>An operator of a <see cref="TestAccount"/>.</summary>
internal sealed record TestOperator(string Name, string Login, string Token);
