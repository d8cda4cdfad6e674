using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ReplyX.Api.Authentication;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Tests.Operators;

public sealed class RoleTests(SharedServers servers) : ApiTest(servers)
{
    [Fact]
    public async Task Me_says_who_is_signed_in_and_to_what()
    {
        var account = await NewAccountAsync();
        await account.Api.Accounts.SaveAccountAsync(new Account(account.Id, "Acme"), TestTimeout.Token());

        var me = (await account.Api.GetAsync("/api/operator/me", await account.OwnerAsync())).Is(HttpStatusCode.OK).Json;

        Assert.Equal(("anna", "Anna", "owner"), (Text(me, "id"), Text(me, "name"), Text(me, "role")));
        Assert.Equal((account.Id, "Acme"), (Text(me.GetProperty("account"), "id"), Text(me.GetProperty("account"), "name")));
    }

    [Fact]
    public async Task Only_owners_manage()
    {
        var account = await NewAccountAsync();
        var owner = await account.OwnerAsync();
        var (boris, bot) = (await account.OperatorAsync("Boris"), await BotAsync(account, owner));
        var asked = new List<string>();
        foreach (var endpoint in account.Api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<OwnersOnlyMetadata>() is null)
            {
                continue;
            }

            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single();
            var path = endpoint.RoutePattern.RawText!.Replace("{id}", "shop", StringComparison.Ordinal).TrimEnd('/');
            asked.Add($"{method} {path}");
            foreach (var token in (string[])[boris, bot.Token])
            {
                var request = new HttpRequestMessage(new HttpMethod(method), path);
                if (method is "POST" or "PATCH")
                {
                    request.Content = System.Net.Http.Json.JsonContent.Create(new { name = "x" });
                }

                (await account.Api.SendAsync(request, token)).IsProblem(403, "owners_only");
            }
        }

        Assert.Superset(
            new HashSet<string>
            {
                "DELETE /api/invitations/shop", "DELETE /api/operators/shop", "DELETE /api/sites/shop", "GET /api/audit", "GET /api/invitations",
                "PATCH /api/account", "PATCH /api/sites/shop", "POST /api/invitations", "POST /api/operators/bots",
                "POST /api/operators/shop/key", "POST /api/site-token/rotate", "POST /api/sites",
            },
            asked.ToHashSet());
    }

    [Fact]
    public async Task A_new_role_counts_at_once_and_makes_old_tokens_void()
    {
        var account = await NewAccountAsync();
        var (anna, boris) = (await account.OwnerAsync(), await account.OperatorAsync("Boris"));
        await account.SignInAsync("Boris");

        var changed = (await account.Api.PatchAsync("/api/operators/boris", new { role = "owner" }, anna)).Is(HttpStatusCode.OK);

        Assert.Equal("owner", Text(changed.Json, "role"));
        (await account.Api.GetAsync("/api/sites", boris)).IsProblem(401, "token_revoked");
        var owner = await account.SignInAsync("Boris");
        (await account.Api.PatchAsync("/api/operators/anna", new { role = "operator" }, owner.Token)).Is(HttpStatusCode.OK);
        (await account.Api.GetAsync("/api/audit", anna)).IsProblem(401, "token_revoked");
        (await account.Api.GetAsync("/api/audit", (await account.SignInAsync()).Token)).IsProblem(403, "owners_only");
    }

    [Fact]
    public async Task Names_are_one_s_own_and_owners_to_change()
    {
        var account = await NewAccountAsync();
        var (anna, boris) = (await account.OwnerAsync(), await account.OperatorAsync("Boris"));
        var bot = await BotAsync(account, anna);

        (await account.Api.PatchAsync("/api/operators/boris", new { name = " Bob " }, boris)).Is(HttpStatusCode.OK);
        (await account.Api.PatchAsync("/api/operators/boris", new { role = "owner" }, boris)).IsProblem(403, "owners_only");
        (await account.Api.PatchAsync("/api/operators/boris", new { name = "x", role = "owner" }, boris)).IsProblem(403, "owners_only");
        (await account.Api.PatchAsync("/api/operators/anna", new { name = "x" }, boris)).IsProblem(403, "owners_only");
        (await account.Api.PatchAsync($"/api/operators/{bot.Id}", new { name = "x" }, bot.Token)).IsProblem(403, "owners_only");
        (await account.Api.PatchAsync($"/api/operators/{bot.Id}", new { name = "Robot" }, anna)).Is(HttpStatusCode.OK);

        // A name is not what a credential is: the token goes on.
        Assert.Equal("Bob", Text((await account.Api.GetAsync("/api/operator/me", boris)).Is(HttpStatusCode.OK).Json, "name"));
        (await account.Api.PatchAsync("/api/operators/boris", new { }, anna)).IsProblem(400, "invalid_field");
        (await account.Api.PatchAsync("/api/operators/boris", new { name = " " }, anna)).IsProblem(400, "invalid_field");
        (await account.Api.PatchAsync("/api/operators/boris", new { name = "a\u0007b" }, anna)).IsProblem(400, "invalid_field");
        (await account.Api.PatchAsync("/api/operators/boris", new { role = "king" }, anna)).IsProblem(400, "invalid_json");
        (await account.Api.PatchAsync("/api/operators/boris", new { role = "bot" }, anna)).IsProblem(400, "invalid_field");
        (await account.Api.PatchAsync($"/api/operators/{bot.Id}", new { role = "owner" }, anna)).IsProblem(400, "invalid_field");
        (await account.Api.PatchAsync("/api/operators/nobody", new { name = "x" }, anna)).IsProblem(404, "operator_not_found");
    }

    [Fact]
    public async Task The_last_owner_stays_one()
    {
        var account = await NewAccountAsync();
        var anna = await account.OwnerAsync();
        await account.OperatorAsync("Boris");

        (await account.Api.PatchAsync("/api/operators/anna", new { role = "operator" }, anna)).IsProblem(409, "last_owner");
        (await account.Api.DeleteAsync("/api/operators/anna", anna)).IsProblem(409, "cannot_remove_self");
        Assert.Equal(
            AccountOutcome.LastOwner,
            await account.Api.Accounts.RemoveOperatorAsync(account.Id, "anna", Actor.Platform, TestTimeout.Token()));
        Assert.Equal(OperatorRole.Owner, (await account.FindAsync("anna"))!.Role);
    }

    [Fact]
    public async Task A_bot_answers_dialogs_by_its_key_until_that_is_replaced()
    {
        var account = await NewAccountAsync();
        var owner = await account.OwnerAsync();
        var bot = await BotAsync(account, owner);
        var dialog = await account.OpenWidgetAsync();
        await dialog.SendAsync("hi", "1");
        (await dialog.HandoffAsync("request", dialog.Token)).Is(HttpStatusCode.OK);

        (await dialog.HandoffAsync("takeover", bot.Token)).Is(HttpStatusCode.OK);
        (await dialog.AnswerAsync(bot.Token, "beep", "1")).Is(HttpStatusCode.Created);
        (await dialog.HandoffAsync("release", bot.Token)).Is(HttpStatusCode.OK);
        var listed = (await account.Api.GetAsync("/api/operators", bot.Token)).Items.Single(item => Text(item, "id") == bot.Id);
        Assert.Equal(("Robot", "", "bot"), (Text(listed, "name"), Text(listed, "login"), Text(listed, "role")));
        Assert.True(listed.TryGetProperty("last_seen_at", out _));

        var key = Text((await account.Api.PostAsync($"/api/operators/{bot.Id}/key", null, owner)).Is(HttpStatusCode.OK).Json, "key");

        (await account.Api.GetAsync("/api/dialogs", bot.Token)).IsProblem(401, "token_revoked");
        (await account.Api.PostAsync("/api/operator/bot-token", new { key = bot.Key })).IsProblem(401, "key_invalid");
        var fresh = (await account.Api.PostAsync("/api/operator/bot-token", new { key })).Is(HttpStatusCode.OK);
        Assert.Null(fresh.SessionCookie);
        (await account.Api.GetAsync("/api/dialogs", fresh.Token)).Is(HttpStatusCode.OK);
        (await account.Api.PostAsync("/api/operators/anna/key", null, owner)).IsProblem(404, "operator_not_found");
        (await account.Api.PostAsync("/api/operator/bot-token", new { key = key + "x" })).IsProblem(401, "key_invalid");
        (await account.Api.PostAsync("/api/operator/bot-token", new { key = fresh.Token })).IsProblem(401, "key_invalid");
        (await account.Api.PostAsync("/api/operator/sign-in", new { login = bot.Id, password = bot.Key })).IsProblem(401, "sign_in_failed");

        (await account.Api.DeleteAsync($"/api/operators/{bot.Id}", owner)).Is(HttpStatusCode.NoContent);
        (await account.Api.PostAsync("/api/operator/bot-token", new { key })).IsProblem(401, "key_invalid");
        Assert.DoesNotContain(account.Api.Logs.All, line => line.Text.Contains(key!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wrong_keys_and_secrets_count_by_address()
    {
        await using var api = await StartApiAsync(("Limits:SignInAddress:Burst", "3"), ("Limits:SignInAddress:PerMinute", "1"));
        (await api.PostAsync("/api/operator/bot-token", new { key = "x" })).IsProblem(401, "key_invalid");
        (await api.PostAsync("/api/invitations/look", new { secret = "x" })).IsProblem(404, "invitation_not_found");
        (await api.PostAsync(
            "/api/invitations/accept", new { secret = "x", name = "x", login = "x@x", password = "a password" }))
            .IsProblem(404, "invitation_not_found");
        (await api.PostAsync("/api/operator/bot-token", new { key = "x" })).IsProblem(429, "rate_limited");
        (await api.PostAsync("/api/invitations/look", new { secret = "x" })).IsProblem(429, "rate_limited");
    }

    [Fact]
    public async Task Whom_the_version_before_stored_and_its_tokens_are_good_still()
    {
        var account = await NewAccountAsync();
        await account.OperatorAsync();
        using var redis = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync((await RedisAsync()).ConnectionString);
        var hash = (await account.FindAsync("anna"))!.PasswordHash;
        await redis.GetDatabase().HashSetAsync($"{{{account.Id}}}:operators", "anna", JsonSerializer.Serialize(new
        {
            account = account.Id,
            id = "anna",
            login = account.Login("Anna"),
            name = "Anna",
            password_hash = hash,
            role = "owner",
        }));
        await redis.GetDatabase().HashSetAsync($"{{{account.Id}}}:sites", "shop", JsonSerializer.Serialize(new
        {
            account = account.Id,
            id = "shop",
            name = "Shop",
            assistant_id = account.Site.AssistantId,
            welcome = "",
            origins = (string[])[],
            direct_client = false,
            token_version = 1,
        }));
        var token = TokenOfBefore(account.Id);

        (await account.Api.GetAsync("/api/operator/me", token)).Is(HttpStatusCode.OK);
        var look = (await account.Api.GetAsync("/api/sites/shop", token)).Is(HttpStatusCode.OK).Json.GetProperty("look");
        Assert.Equal(("#2563eb", "right", "auto"), (Text(look, "color"), Text(look, "position"), Text(look, "theme")));
        (await account.Api.PatchAsync("/api/sites/shop", new { look = new { position = "left" } }, token)).Is(HttpStatusCode.OK);
        await account.SignInAsync();
        (await account.Api.PostAsync("/api/operator/sign-out-everywhere", null, token)).Is(HttpStatusCode.NoContent);
        (await account.Api.GetAsync("/api/operator/me", token)).IsProblem(401, "token_revoked");
    }

    private static async Task<(string Id, string Key, string Token)> BotAsync(TestAccount account, string owner)
    {
        var made = (await account.Api.PostAsync("/api/operators/bots", new { name = "Robot" }, owner)).Is(HttpStatusCode.Created).Json;
        var key = Text(made, "key")!;
        var token = (await account.Api.PostAsync("/api/operator/bot-token", new { key })).Is(HttpStatusCode.OK).Token;
        return (Text(made, "id")!, key, token);
    }

    // As it was issued before operators had generations.
    private static string TokenOfBefore(string account) => new Microsoft.IdentityModel.JsonWebTokens.JsonWebTokenHandler().CreateToken(
        new Microsoft.IdentityModel.Tokens.SecurityTokenDescriptor
        {
            TokenType = "replyx-operator+jwt",
            Issuer = "replyx",
            Expires = DateTime.UtcNow.AddMinutes(10),
            Claims = new Dictionary<string, object> { ["sub"] = "anna", ["acc"] = account, ["name"] = "Anna" },
            SigningCredentials = TestApi.Signing,
        });

    private static string? Text(JsonElement item, string name) => item.GetProperty(name).GetString();
}
