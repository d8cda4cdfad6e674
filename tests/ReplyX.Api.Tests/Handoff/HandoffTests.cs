using System.Net;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Tests.Handoff;

public sealed class HandoffTests(SharedServers servers) : ApiTest(servers)
{
    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task A_human_is_asked_for_comes_and_leaves(RedisKind kind)
    {
        var account = await NewAccountAsync(kind);
        var (dialog, anna, boris) = (await account.OpenWidgetAsync(), await account.OperatorAsync(), await account.OperatorAsync("Boris"));
        await dialog.SendAsync("a human, please", "1");
        await IsInAsync(dialog, anna, "none", null);

        (await dialog.HandoffAsync("request", dialog.Token)).Is(HttpStatusCode.OK);
        await IsInAsync(dialog, dialog.Token, "requested", null);
        (await dialog.AnswerAsync(anna, "still me", "a1", "assistant")).Is(HttpStatusCode.Created);

        Takes(await dialog.HandoffAsync("takeover", anna), "active", "Anna");
        await IsInAsync(dialog, boris, "active", "Anna");
        var refused = (await dialog.AnswerAsync(boris, "me too", "b1")).IsProblem(409, "handoff_active");
        Assert.Equal("active", refused.Json.GetProperty("handoff").GetString());
        (await dialog.AnswerAsync(anna, "still me", "a2", "assistant")).IsProblem(409, "handoff_active");
        (await dialog.AnswerAsync(anna, "Anna here", "a3")).Is(HttpStatusCode.Created);
        (await dialog.SendAsync("thanks", "2")).Is(HttpStatusCode.Created);

        Takes(await dialog.HandoffAsync("release", anna), "released", null);
        (await dialog.AnswerAsync(boris, "me again", "b2", "assistant")).Is(HttpStatusCode.Created);
        (await dialog.HandoffAsync("request", anna)).Is(HttpStatusCode.OK);
        Takes(await dialog.HandoffAsync("cancel", dialog.Token), "cancelled", null);

        Assert.Equal(
            ["handoff_requested", "handoff_started", "handoff_released", "handoff_requested", "handoff_cancelled"],
            (await dialog.ReadAsync()).Items.Select(item => item.GetProperty("type").GetString()).Where(type => type != "message"));

        // The visitor asked the first time, and an operator the second, who says so.
        Assert.Equal(
            [null, "operator"],
            (await dialog.ReadAsync()).Items.Where(item => item.GetProperty("type").GetString() == "handoff_requested")
                .Select(item => item.TryGetProperty("reason", out var reason) ? reason.GetString() : null));
    }

    [Fact]
    public async Task Every_wrong_step_is_refused_and_says_the_state()
    {
        var account = await NewAccountAsync();
        var (dialog, anna) = (await account.OpenWidgetAsync(), await account.OperatorAsync());
        var steps = new Dictionary<string, (string State, string[] Wrong)>
        {
            [""] = ("none", ["takeover", "release", "cancel"]),
            ["request"] = ("requested", ["request", "release"]),
            ["takeover"] = ("active", ["request", "takeover", "cancel"]),
            ["release"] = ("released", ["takeover", "release", "cancel"]),
        };
        foreach (var (step, (state, wrong)) in steps)
        {
            if (step.Length > 0)
            {
                (await dialog.HandoffAsync(step, anna)).Is(HttpStatusCode.OK);
            }

            foreach (var name in wrong)
            {
                var refused = (await dialog.HandoffAsync(name, anna)).IsProblem(409, "handoff_wrong_state");
                Assert.Equal(state, refused.Json.GetProperty("handoff").GetString());
            }
        }

        Assert.Equal(4, (await dialog.ReadAsync()).Items.Count);
    }

    [Fact]
    public async Task Ten_operators_at_once_one_takes_over()
    {
        var account = await NewAccountAsync();
        var dialog = await account.OpenWidgetAsync();
        var people = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => account.OperatorAsync($"Op{i}")));
        await dialog.HandoffAsync("request", dialog.Token);

        var answers = await Task.WhenAll(people.Select(person => dialog.HandoffAsync("takeover", person)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => answer.IsProblem(409, "handoff_wrong_state"));
    }

    [Fact]
    public async Task A_step_with_a_key_is_taken_once()
    {
        var account = await NewAccountAsync();
        var (dialog, anna) = (await account.OpenWidgetAsync(), await account.OperatorAsync());

        (await dialog.HandoffAsync("request", anna, new { client_id = "r1" })).Is(HttpStatusCode.OK);
        Takes(await dialog.HandoffAsync("request", anna, new { client_id = "r1" }), "requested", null);
        (await dialog.HandoffAsync("cancel", anna, new { client_id = "r1" })).IsProblem(409, "idempotency_conflict");
        (await dialog.HandoffAsync("cancel", anna, new { client_id = "no spaces" })).IsProblem(400, "invalid_field");
        (await dialog.HandoffAsync("cancel", anna, new { })).Is(HttpStatusCode.OK);
        Assert.Equal(3, (await dialog.ReadAsync()).Items.Count);
    }

    [Fact]
    public async Task A_visitor_neither_takes_over_nor_releases()
    {
        var account = await NewAccountAsync();
        var (dialog, stranger) = (await account.OpenWidgetAsync(), await account.OpenWidgetAsync());
        await dialog.HandoffAsync("request", dialog.Token);

        (await dialog.HandoffAsync("takeover", dialog.Token)).IsProblem(401, "token_invalid");
        (await dialog.HandoffAsync("release", dialog.Token)).IsProblem(401, "token_invalid");
        (await dialog.HandoffAsync("cancel", stranger.Token)).IsProblem(404, "dialog_not_found");
        (await dialog.HandoffAsync("cancel", dialog.GuestToken)).IsProblem(401, "token_invalid");
    }

    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task Only_the_holder_and_an_owner_release_a_dialog(RedisKind kind)
    {
        var account = await NewAccountAsync(kind);
        var (dialog, anna, boris) = (await account.OpenWidgetAsync(), await account.OperatorAsync(), await account.OperatorAsync("Boris"));
        var owner = await account.OperatorAsync("Olga", OperatorRole.Owner);
        await HoldAsync(dialog, anna);

        var refused = (await dialog.HandoffAsync("release", boris, new { client_id = "r1" })).IsProblem(403, "handoff_not_yours");
        Assert.Equal("active", refused.Json.GetProperty("handoff").GetString());
        await IsInAsync(dialog, boris, "active", "Anna");
        (await dialog.AnswerAsync(boris, "then I answer", "b1")).IsProblem(409, "handoff_active");

        Takes(await dialog.HandoffAsync("release", anna, new { client_id = "r1" }), "released", null);
        (await dialog.HandoffAsync("release", boris, new { client_id = "r1" })).IsProblem(409, "handoff_wrong_state");
        await HoldAsync(dialog, boris);
        Takes(await dialog.HandoffAsync("release", owner), "released", null);

        // A refusal leaves no trace, and the first holder's retry is told what it did however much happened since.
        Assert.Equal(2, (await dialog.ReadAsync()).Items.Count(item => item.GetProperty("type").GetString() == "handoff_released"));
        await HoldAsync(dialog, boris);
        Takes(await dialog.HandoffAsync("release", anna, new { client_id = "r1" }), "active", "Boris");
        await IsInAsync(dialog, boris, "active", "Boris");
    }

    [Fact]
    public async Task The_role_is_the_one_of_now_and_not_the_one_of_the_sign_in()
    {
        var account = await NewAccountAsync();
        var (dialog, anna) = (await account.OpenWidgetAsync(), await account.OperatorAsync());
        var olga = await account.OperatorAsync("Olga", OperatorRole.Owner);
        await HoldAsync(dialog, anna);

        await account.OperatorAsync("Olga");
        (await dialog.HandoffAsync("release", olga)).IsProblem(403, "handoff_not_yours");
        await account.OperatorAsync("Olga", OperatorRole.Owner);
        Takes(await dialog.HandoffAsync("release", olga), "released", null);
    }

    [Fact]
    public async Task A_dialog_whose_holder_was_removed_is_released_by_anybody()
    {
        var account = await NewAccountAsync();
        var (dialog, anna, boris) = (await account.OpenWidgetAsync(), await account.OperatorAsync(), await account.OperatorAsync("Boris"));
        await HoldAsync(dialog, anna);
        (await dialog.HandoffAsync("release", boris)).IsProblem(403, "handoff_not_yours");

        await account.Api.Accounts.RemoveOperatorAsync(account.Id, "anna", Actor.Platform, TestTimeout.Token());

        Takes(await dialog.HandoffAsync("release", boris), "released", null);
    }

    private static async Task HoldAsync(TestDialog dialog, string person)
    {
        (await dialog.HandoffAsync("request", dialog.Token)).Is(HttpStatusCode.OK);
        (await dialog.HandoffAsync("takeover", person)).Is(HttpStatusCode.OK);
    }

    private static void Takes(Answer answer, string state, string? person)
    {
        answer.Is(HttpStatusCode.OK);
        Assert.Equal(state, answer.Json.GetProperty("handoff").GetString());
        Assert.Equal(person, answer.Json.GetProperty("operator").GetString());
    }

    private static async Task IsInAsync(TestDialog dialog, string token, string state, string? person)
    {
        var status = await dialog.Account.Api.GetAsync($"{dialog.OperatorPath}/handoff/status", token);
        Takes(status, state, person);
        Assert.Equal(dialog.Id, status.Json.GetProperty("dialog_id").GetInt64());
        Assert.Equal(state == "none", status.Json.GetProperty("since").ValueKind == System.Text.Json.JsonValueKind.Null);
    }
}
