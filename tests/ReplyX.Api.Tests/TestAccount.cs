using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Api.Tests;

internal sealed class TestAccount(TestApi api, Site site)
{
    public TestApi Api => api;

    public Site Site => site;

    public string Id => site.Account;

    public string SiteToken => api.Tokens.Issue(new SiteClaims(site.Account, site.Id, site.TokenVersion)).Token;

    /// <summary>An operator's token. The operator exists, with a login that starts with the name.</summary>
    public async Task<string> OperatorAsync(string name = "Anna", OperatorRole role = OperatorRole.Operator)
    {
        var id = name.ToLowerInvariant();
        await api.Accounts.SaveOperatorAsync(
            new Operator(Id, id, Login(name), name, PasswordHash: "", role), TestApi.DemoPassword, TestTimeout.Token());
        return api.Tokens.Issue(new OperatorClaims(Id, id, name)).Token;
    }

    /// <summary>The same of an owner.</summary>
    public Task<string> OwnerAsync(string name = "Anna") => OperatorAsync(name, OperatorRole.Owner);

    /// <summary>Signs one of them in.</summary>
    public async Task<Answer> SignInAsync(string name = "Anna", string password = TestApi.DemoPassword, string? deviceToken = null) =>
        (await api.PostAsync("/api/operator/sign-in", new { login = Login(name), password, device_token = deviceToken }))
        .Is(HttpStatusCode.OK);

    /// <summary>The site has an assistant from now on: it answers what is written then.</summary>
    public Task EnableAssistantAsync() => api.Services.GetRequiredService<AssistantDirectory>().SaveAsync(
        new AssistantSite(Id, site.Id), AssistantSettings.None with { Enabled = true }, TestTimeout.Token());

    /// <summary>What one of them is now.</summary>
    public Task<Operator?> FindAsync(string id) => api.Accounts.FindOperatorAsync(Id, id, TestTimeout.Token());

    public string Login(string name) => $"{name.ToLowerInvariant()}@{Id}.example";

    public async Task<TestDialog> OpenWidgetAsync(string? guest = null) =>
        Opened("widget", await api.PostAsync("/api/widget/dialogs", new { assistant_id = site.AssistantId }, guest));

    public async Task<TestDialog> OpenSiteAsync(string? guest = null) =>
        Opened("site", await api.PostAsync("/api/site/dialogs", new { site_token = SiteToken }, guest));

    private TestDialog Opened(string mode, Answer answer)
    {
        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Created, answer.ToString());
        return new TestDialog(
            this,
            mode,
            answer.Json.GetProperty("id").GetInt64(),
            answer.Json.GetProperty("token").GetString()!,
            answer.Json.GetProperty("guest_token").GetString()!,
            answer);
    }
}
