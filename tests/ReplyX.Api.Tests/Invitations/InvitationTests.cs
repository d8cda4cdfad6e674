using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Tests.Invitations;

public sealed class InvitationTests(SharedServers servers) : ApiTest(servers)
{
    private const string Password = "a good password";

    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task Who_has_the_link_joins_once(RedisKind kind)
    {
        var account = await NewAccountAsync(kind);
        await account.Api.Accounts.SaveAccountAsync(new Account(account.Id, "Acme"), TestTimeout.Token());
        var owner = await account.OwnerAsync();
        var login = account.Login("Clara");
        var invited = (await InviteAsync(account, owner, new { login = login.ToUpperInvariant(), name = "Clara", role = "operator" })).Json;
        var url = new Uri(Text(invited, "url")!);
        Assert.Equal((account.Api.Root.Authority, "/console/invitation"), (url.Authority, url.AbsolutePath));
        var secret = url.Fragment[1..];

        var look = (await LookAsync(account.Api, secret)).Is(HttpStatusCode.OK).Json;
        Assert.Equal(("Acme", login, "Clara", "operator"), (Text(look, "account_name"), Text(look, "login"), Text(look, "name"), Text(look, "role")));
        Assert.False(look.GetProperty("is_first").GetBoolean());
        var listed = Assert.Single((await account.Api.GetAsync("/api/invitations", owner)).Is(HttpStatusCode.OK).Items);
        Assert.Equal(Text(invited, "id"), Text(listed, "id"));
        Assert.DoesNotContain(secret, listed.GetRawText(), StringComparison.Ordinal);

        (await AcceptAsync(account.Api, secret, account.Login("Dora"))).IsProblem(400, "invalid_field");
        var joined = (await AcceptAsync(account.Api, secret, login)).Is(HttpStatusCode.OK);

        Assert.NotNull(joined.Session);
        var me = (await account.Api.GetAsync("/api/operator/me", joined.Token)).Is(HttpStatusCode.OK).Json;
        Assert.Equal(("Clara", login, "operator"), (Text(me, "name"), Text(me, "login"), Text(me, "role")));
        await account.SignInAsync("Clara", Password);
        (await LookAsync(account.Api, secret)).IsProblem(404, "invitation_not_found");
        (await AcceptAsync(account.Api, secret, account.Login("Dora"))).IsProblem(404, "invitation_not_found");
        Assert.Empty((await account.Api.GetAsync("/api/invitations", owner)).Items);
        Assert.DoesNotContain(account.Api.Logs.All, line => line.Text.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_withdrawn_one_a_changed_one_and_a_nonsense_are_not_found()
    {
        var account = await NewAccountAsync();
        var other = await account.Api.NewAccountAsync();
        var owner = await account.OwnerAsync();
        var invited = (await InviteAsync(account, owner, new { role = "owner" })).Json;
        var secret = Text(invited, "url")!.Split('#')[1];

        foreach (var wrong in (string?[])[null, "", "x", secret + "x", secret[..^1], secret.ToUpperInvariant(), "rxi..x.y", "rxi.!.!.!"])
        {
            (await LookAsync(account.Api, wrong)).IsProblem(404, "invitation_not_found");
        }

        (await account.Api.DeleteAsync($"/api/invitations/{Text(invited, "id")}", await other.OwnerAsync())).IsProblem(404, "invitation_not_found");
        (await LookAsync(account.Api, secret)).Is(HttpStatusCode.OK);
        (await account.Api.DeleteAsync($"/api/invitations/{Text(invited, "id")}", owner)).Is(HttpStatusCode.NoContent);
        (await AcceptAsync(account.Api, secret, "x@y")).IsProblem(404, "invitation_not_found");
        (await account.Api.DeleteAsync($"/api/invitations/{Text(invited, "id")}", owner)).IsProblem(404, "invitation_not_found");
    }

    [Fact]
    public async Task What_is_wrong_with_an_acceptance_costs_no_invitation()
    {
        var account = await NewAccountAsync();
        var owner = await account.OwnerAsync();
        var secret = await SecretAsync(account, owner);
        var login = account.Login("Clara");

        (await AcceptAsync(account.Api, secret, account.Login("Anna"))).IsProblem(409, "login_taken");
        (await AcceptAsync(account.Api, secret, account.Login("Anna") + ".")).IsProblem(409, "login_taken");
        (await AcceptAsync(account.Api, secret, "")).IsProblem(400, "invalid_field");
        (await AcceptAsync(account.Api, secret, "two words")).IsProblem(400, "invalid_field");
        (await AcceptAsync(account.Api, secret, login, "seven77")).IsProblem(400, "invalid_field");
        (await AcceptAsync(account.Api, secret, login, login)).IsProblem(400, "invalid_field");
        (await account.Api.PostAsync("/api/invitations/accept", new { secret, login, password = Password })).IsProblem(400, "invalid_field");

        var joined = (await AcceptAsync(account.Api, secret, login)).Is(HttpStatusCode.OK);
        Assert.Equal("Clara", Text(joined.Json.GetProperty("operator"), "name"));
        (await InviteAsync(account, owner, new { role = "bot" })).IsProblem(400, "invalid_field");
        (await InviteAsync(account, owner, new { name = "x" })).IsProblem(400, "invalid_field");
        (await InviteAsync(account, owner, new { role = "owner", login = "a b" })).IsProblem(400, "invalid_field");
    }

    [Fact]
    public async Task A_removed_operator_s_login_can_be_taken_again()
    {
        var account = await NewAccountAsync();
        var owner = await account.OwnerAsync();
        var login = account.Login("Clara");
        var first = (await AcceptAsync(account.Api, await SecretAsync(account, owner), login)).Is(HttpStatusCode.OK);
        var id = Text(first.Json.GetProperty("operator"), "id");
        (await account.Api.DeleteAsync($"/api/operators/{id}", owner)).Is(HttpStatusCode.NoContent);

        (await AcceptAsync(account.Api, await SecretAsync(account, owner), login)).Is(HttpStatusCode.OK);
        (await account.Api.GetAsync("/api/operator/me", first.Token)).IsProblem(401, "token_revoked");
    }

    [Fact]
    public async Task The_platform_makes_an_account_whose_first_owner_names_it()
    {
        await using var api = await StartApiAsync(
            ("Operations:Token", "an operations token"), ("Metrics:Token", "a metrics token of this test"), ("Sites:PublicUrl", "https://chat.example.com/"));
        (await api.PostAsync("/internal/accounts", new { }, "a metrics token of this test")).IsProblem(401, "unauthorized");
        var made = (await api.PostAsync("/internal/accounts", new { }, "an operations token")).Is(HttpStatusCode.Created).Json;
        var url = Text(made.GetProperty("invitation"), "url")!;
        Assert.StartsWith("https://chat.example.com/console/invitation#", url, StringComparison.Ordinal);
        var secret = url.Split('#')[1];
        Assert.True((await LookAsync(api, secret)).Is(HttpStatusCode.OK).Json.GetProperty("is_first").GetBoolean());

        var joined = (await api.PostAsync("/api/invitations/accept", new
        {
            secret,
            name = "Olga",
            login = $"olga@{Text(made, "id")}",
            password = Password,
            account_name = "Olga's",
        })).Is(HttpStatusCode.OK);

        var me = (await api.GetAsync("/api/operator/me", joined.Token)).Is(HttpStatusCode.OK).Json;
        Assert.Equal(("owner", "Olga's"), (Text(me, "role"), Text(me.GetProperty("account"), "name")));

        // Who comes later names nothing.
        var second = Text((await api.PostAsync("/api/invitations", new { role = "owner" }, joined.Token)).Is(HttpStatusCode.Created).Json, "url")!;
        (await api.PostAsync("/api/invitations/accept", new
        {
            secret = second.Split('#')[1],
            name = "Pavel",
            login = $"pavel@{Text(made, "id")}",
            password = Password,
            account_name = "Pavel's",
        })).Is(HttpStatusCode.OK);
        Assert.Equal("Olga's", Text((await api.GetAsync("/api/account", joined.Token)).Json, "name"));
    }

    [Fact]
    public async Task An_account_has_a_bounded_number_open()
    {
        var account = await NewAccountAsync();
        var owner = await account.OwnerAsync();
        var invitations = account.Api.Services.GetRequiredService<InvitationBook>();
        for (var i = 0; i < InvitationBook.MostInvitations; i++)
        {
            Assert.True((await invitations.CreateAsync(
                account.Id, null, null, OperatorRole.Operator, Actor.Platform, TestTimeout.Token())).IsDone);
        }

        (await InviteAsync(account, owner, new { role = "operator" })).IsProblem(409, "limit_reached");
    }

    private static async Task<string> SecretAsync(TestAccount account, string owner) =>
        Text((await InviteAsync(account, owner, new { role = "operator" })).Is(HttpStatusCode.Created).Json, "url")!.Split('#')[1];

    private static Task<Answer> InviteAsync(TestAccount account, string owner, object body) =>
        account.Api.PostAsync("/api/invitations", body, owner);

    private static Task<Answer> LookAsync(TestApi api, string? secret) => api.PostAsync("/api/invitations/look", new { secret });

    private static Task<Answer> AcceptAsync(TestApi api, string secret, string login, string password = Password) =>
        api.PostAsync("/api/invitations/accept", new { secret, name = "Clara", login, password });

    private static string? Text(JsonElement item, string name) => item.GetProperty(name).GetString();
}
