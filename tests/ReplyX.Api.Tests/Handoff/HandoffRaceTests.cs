using System.Net;

namespace ReplyX.Api.Tests.Handoff;

public sealed class HandoffRaceTests(SharedServers servers) : ApiTest(servers)
{
    private const int Rounds = 15;
    private const int Replies = 10;

    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task After_a_takeover_nobody_speaks_but_who_took_over_however_they_race(RedisKind kind)
    {
        var random = Seed.Random();
        var account = await NewAccountAsync(kind);
        var (anna, boris, bot) = (await account.OperatorAsync(), await account.OperatorAsync("Boris"), await account.OperatorAsync("Bot"));
        var (taken, refused) = (0, 0);

        for (var round = 0; round < Rounds; round++)
        {
            var dialog = await account.OpenWidgetAsync();
            await dialog.HandoffAsync("request", dialog.Token);
            List<Func<Task<Answer>>> moves = [
                .. Enumerable.Range(0, Replies).Select(i => (Func<Task<Answer>>)(() => dialog.AnswerAsync(bot, $"assistant {i}", $"a{i}", "assistant"))),
                .. Enumerable.Range(0, Replies / 2).Select(i => (Func<Task<Answer>>)(() => dialog.AnswerAsync(anna, $"Anna {i}", $"m{i}"))),
                .. Enumerable.Range(0, Replies / 2).Select(i => (Func<Task<Answer>>)(() => dialog.AnswerAsync(boris, $"Boris {i}", $"m{i}"))),
                () => dialog.HandoffAsync("takeover", anna),
                () => dialog.HandoffAsync("takeover", boris),
            ];
            var order = moves.ToArray();
            random.Shuffle(order);

            var answers = await Task.WhenAll(order.Select(move => move()));

            var log = (await dialog.ReadAsync("?limit=200")).Items;
            var started = Assert.Single(log, item => item.GetProperty("type").GetString() == "handoff_started");
            var holder = started.GetProperty("operator").GetString();
            foreach (var item in log.Where(item => item.GetProperty("seq").GetInt64() > started.GetProperty("seq").GetInt64()))
            {
                var author = item.TryGetProperty("author", out var name) ? name.GetString() : null;
                Assert.True(
                    (item.GetProperty("sender").GetString(), author) == ("manager", holder), $"after {holder}'s takeover: {item.GetRawText()}");
            }

            // What was taken stands in the log, and nothing else does: a refusal leaves no trace.
            Assert.Single(answers, answer => answer.Code == "handoff_wrong_state");
            Assert.All(
                answers.Where(answer => answer.Status == HttpStatusCode.Conflict && answer.Code != "handoff_wrong_state"),
                answer => answer.IsProblem(409, "handoff_active"));
            Assert.Equal(
                answers.Count(answer => answer.Status == HttpStatusCode.Created),
                log.Count(item => item.GetProperty("type").GetString() == "message") - 1);
            taken += answers.Count(answer => answer.Status == HttpStatusCode.Created);
            refused += answers.Count(answer => answer.Code == "handoff_active");
        }

        Assert.True(taken > 0 && refused > 0, $"no race: {taken} replies taken, {refused} refused");
    }
    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task However_releases_race_nobody_ends_what_another_holds(RedisKind kind)
    {
        var random = Seed.Random();
        var account = await NewAccountAsync(kind);
        var tokens = new Dictionary<string, string>
        {
            ["Anna"] = await account.OperatorAsync(),
            ["Boris"] = await account.OperatorAsync("Boris"),
        };
        var (released, refused) = (0, 0);

        for (var round = 0; round < Rounds; round++)
        {
            var dialog = await account.OpenWidgetAsync();
            await dialog.HandoffAsync("request", dialog.Token);
            List<Func<Task<(string Step, string By, Answer Answer)>>> moves = [];
            foreach (var (name, token) in tokens)
            {
                moves.Add(() => TakeAsync("takeover", name, token));
                moves.AddRange(Enumerable.Repeat<Func<Task<(string, string, Answer)>>>(() => TakeAsync("release", name, token), Replies));
            }

            var order = moves.ToArray();
            random.Shuffle(order);
            var taken = await Task.WhenAll(order.Select(move => move()));

            var holder = Assert.Single(taken, move => move.Step == "takeover" && move.Answer.Status == HttpStatusCode.OK).By;
            foreach (var (_, by, answer) in taken.Where(move => move.Step == "release"))
            {
                if (answer.Status == HttpStatusCode.OK)
                {
                    Assert.Equal(holder, by);
                    released++;
                }
                else if (answer.Code == "handoff_not_yours")
                {
                    Assert.NotEqual(holder, by);
                    refused++;
                }
                else
                {
                    answer.IsProblem(409, "handoff_wrong_state");
                }
            }

            Assert.True((await dialog.ReadAsync()).Items.Count(item => item.GetProperty("type").GetString() == "handoff_released") <= 1);

            async Task<(string, string, Answer)> TakeAsync(string step, string by, string token) =>
                (step, by, await dialog.HandoffAsync(step, token));
        }

        Assert.True(released > 0 && refused > 0, $"no race: {released} releases taken, {refused} refused");
    }
}
