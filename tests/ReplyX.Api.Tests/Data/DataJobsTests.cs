using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ReplyX.Api.Tests.Data;

/// <summary>Exports and erasures over HTTP: who may start them, how they are followed, and what is left afterwards.</summary>
public sealed class DataJobsTests(SharedServers servers) : ApiTest(servers)
{
    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task A_visitor_is_exported_and_erased(RedisKind kind)
    {
        // Its own: a job that another test left open would be done, and counted, by this one's host.
        await using var redis = await RedisServer.StartAsync(kind);
        await using var api = await StartAsync(redis.ConnectionString);
        var account = await api.NewAccountAsync();
        var owner = await account.OwnerAsync();
        var dialog = await account.OpenWidgetAsync();
        (await dialog.SendAsync("my secret wish", "c1")).Is(HttpStatusCode.Created);
        (await api.SendAsync(Put($"{dialog.Path}/visitor", new { name = "Ann Lee" }), dialog.Token)).Is(HttpStatusCode.NoContent);
        var visitor = (await api.GetAsync(dialog.OperatorPath, owner)).Json.GetProperty("visitor_id").GetString();

        var started = (await api.PostAsync("/api/data-jobs", new { kind = "export", subject = "visitor", visitor_id = visitor }, owner)).Is(HttpStatusCode.Accepted);
        var path = started.Headers.Location!.ToString();
        Assert.Equal(("export", "visitor", visitor, "anna"), (Text(started.Json, "kind"), Text(started.Json, "subject"), Text(started.Json, "visitor_id"), Text(started.Json, "by")));
        Assert.False(started.Json.TryGetProperty("secret", out _));
        var done = await EndAsync(api, path, owner);
        Assert.Equal(("done", 1, 1), (Text(done, "state"), done.GetProperty("progress").GetProperty("done").GetInt32(), done.GetProperty("progress").GetProperty("total").GetInt32()));
        Assert.True(done.GetProperty("ended_at").GetDateTimeOffset() >= done.GetProperty("started_at").GetDateTimeOffset());
        var result = done.GetProperty("result");
        var download = (await api.GetAsync(Text(result, "url")!, owner)).Is(HttpStatusCode.OK);
        Assert.Equal("application/json", download.ContentType);
        Assert.Equal(result.GetProperty("bytes").GetInt32(), Encoding.UTF8.GetByteCount(download.Text));
        Assert.Equal("my secret wish", Text(download.Json.GetProperty("dialogs")[0].GetProperty("events")[1], "text"));
        Assert.Equal(Text(done, "id"), Text(Assert.Single((await api.GetAsync("/api/data-jobs", owner)).Items), "id"));

        // What lies beside a job is none.
        (await api.GetAsync($"{path}:part:0", owner)).IsProblem(404, "data_job_not_found");
        (await api.GetAsync($"{path}:part:0/result", owner)).IsProblem(404, "data_job_not_found");

        // Erased: the export is taken back, the dialog is gone, and who comes back is somebody new.
        started = (await api.PostAsync("/api/data-jobs", new { kind = "erasure", subject = "visitor", visitor_id = visitor }, owner)).Is(HttpStatusCode.Accepted);
        var erased = await EndAsync(api, started.Headers.Location!.ToString(), owner);
        Assert.Equal("done", Text(erased, "state"));
        Assert.False(erased.TryGetProperty("visitor_id", out _));
        Assert.Equal(("failed", "erased"), ((await api.GetAsync(path, owner)).Json is var old ? Text(old, "state") : "", Text(old, "reason")));
        (await api.GetAsync(Text(result, "url")!, owner)).IsProblem(410, "export_gone");
        (await dialog.ReadAsync()).IsProblem(404, "dialog_not_found");
        (await dialog.SendAsync("too late", "c2")).IsProblem(404, "dialog_not_found");
        var anew = await account.OpenWidgetAsync(dialog.GuestToken);
        Assert.NotEqual(visitor, (await api.GetAsync(anew.OperatorPath, owner)).Json.GetProperty("visitor_id").GetString());
        (await anew.SendAsync("hello", "c3")).Is(HttpStatusCode.Created);

        var meters = api.Services.GetRequiredService<IMeterFactory>();
        Assert.Equal(1, Counts.Read(meters, "data_jobs", ("kind", "export"), ("outcome", "done")));
        Assert.Equal(1, Counts.Read(meters, "data_jobs", ("kind", "erasure"), ("outcome", "done")));
        Assert.Equal(2, Counts.Read(meters, "data_jobs"));
        Assert.Equal(0, Counts.Read(meters, "data_jobs_running", ("kind", "export")));

        // The audit log says what happened, by whom, and not of whom.
        var audit = (await api.GetAsync("/api/audit", owner)).Text;
        Assert.Equal(["data.erase", "data.export"], JsonDocument.Parse(audit).RootElement.GetProperty("items").EnumerateArray().Select(entry => Text(entry, "action")));
        Assert.DoesNotContain(visitor!, audit, StringComparison.Ordinal);
        Assert.DoesNotContain(visitor!, string.Join('\n', api.Logs.Texts.Where(text => text.Contains("ReplyX.Messaging.Data", StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task An_account_is_erased_and_whoever_has_the_secret_sees_it(RedisKind kind)
    {
        await using var api = await StartAsync((await RedisAsync(kind)).ConnectionString);
        var account = await api.NewAccountAsync();
        var owner = await account.OwnerAsync();
        var dialog = await account.OpenSiteAsync();
        (await dialog.SendAsync("hello", "c1")).Is(HttpStatusCode.Created);
        (await api.PostAsync("/api/data-jobs", new { kind = "erasure", subject = "account" }, owner)).IsProblem(400, "invalid_field");
        (await api.PostAsync("/api/data-jobs", new { kind = "erasure", subject = "account", confirm = "yes" }, owner)).IsProblem(400, "invalid_field");
        (await api.GetAsync("/api/account", owner)).Is(HttpStatusCode.OK);

        var started = (await api.PostAsync("/api/data-jobs", new { kind = "erasure", subject = "account", confirm = account.Id }, owner)).Is(HttpStatusCode.Accepted);
        var secret = Text(started.Json, "secret");

        // At once, whatever the worker is at.
        (await api.GetAsync("/api/account", owner)).IsProblem(401, "token_revoked");
        (await api.PostAsync("/api/operator/sign-in", new { login = account.Login("Anna"), password = TestApi.DemoPassword })).IsProblem(401, "sign_in_failed");
        (await api.PostAsync("/api/widget/dialogs", new { assistant_id = account.Site.AssistantId })).IsProblem(404, "assistant_not_found");
        (await api.PostAsync("/api/site/dialogs", new { site_token = account.SiteToken })).IsProblem(401, "site_token_invalid");
        (await dialog.SendAsync("too late", "c2")).IsProblem(401, "site_token_invalid");

        Answer look;
        do
        {
            look = (await api.PostAsync("/api/data-jobs/look", new { secret })).Is(HttpStatusCode.OK);
        }
        while (Text(look.Json, "state") is "waiting" or "running");
        Assert.Equal(("done", 1), (Text(look.Json, "state"), look.Json.GetProperty("progress").GetProperty("done").GetInt32()));
        Assert.False(look.Json.TryGetProperty("by", out _));
        (await api.PostAsync("/api/data-jobs/look", new { secret = secret + "x" })).IsProblem(404, "data_job_not_found");
        (await api.PostAsync("/api/data-jobs/look", new { })).IsProblem(400, "invalid_field");

        List<string> left = [];
        await foreach (var key in api.Services.GetRequiredService<IConnectionMultiplexer>().GetServers()[0].KeysAsync(pattern: $"*{account.Id}*"))
        {
            left.Add((string)key!);
        }

        Assert.Equal([$"{{{account.Id}}}:data:job:{Text(look.Json, "id")}", $"{{{account.Id}}}:erased"], left.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Only_owners_start_them_and_only_of_what_there_is()
    {
        var account = await NewAccountAsync();
        var (api, owner, operatorToken) = (account.Api, await account.OwnerAsync(), await account.OperatorAsync("Boris"));
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Post, ""), (HttpMethod.Get, ""), (HttpMethod.Get, "/d1"), (HttpMethod.Get, "/d1/result")])
        {
            HttpRequestMessage Request() => new(method, $"/api/data-jobs{path}")
            {
                Content = method == HttpMethod.Post ? JsonContent.Create(new { kind = "export", subject = "account" }) : null,
            };
            (await api.SendAsync(Request())).IsProblem(401, "token_missing");
            (await api.SendAsync(Request(), operatorToken)).IsProblem(403, "owners_only");
        }

        foreach (var body in (object[])
            [
                new { },
                new { kind = "copy", subject = "account" },
                new { kind = "export", subject = "dialog" },
                new { kind = "export", subject = "visitor" },
                new { kind = "export", subject = "visitor", visitor_id = "a:b" },
                new { kind = "export", subject = "account", visitor_id = "a" },
            ])
        {
            (await api.PostAsync("/api/data-jobs", body, owner)).IsProblem(400, "invalid_field");
        }

        (await api.GetAsync("/api/data-jobs/d1", owner)).IsProblem(404, "data_job_not_found");
        (await api.GetAsync("/api/data-jobs/d1/result", owner)).IsProblem(404, "data_job_not_found");

        // Another account's is none.
        var job = (await api.PostAsync("/api/data-jobs", new { kind = "export", subject = "account" }, owner)).Is(HttpStatusCode.Accepted);
        var stranger = await (await NewAccountAsync()).OwnerAsync();
        (await api.GetAsync(job.Headers.Location!.ToString(), stranger)).IsProblem(404, "data_job_not_found");
        (await api.GetAsync($"{job.Headers.Location}/result", stranger)).IsProblem(404, "data_job_not_found");
    }

    [Fact]
    public async Task The_same_one_that_has_not_ended_is_answered_as_it_is()
    {
        // Nobody looks for it.
        await using var api = await StartApiAsync(("Data:PollInterval", "01:00:00"));
        var account = await api.NewAccountAsync();
        var owner = await account.OwnerAsync();
        var jobs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => api.PostAsync("/api/data-jobs", new { kind = "export", subject = "account" }, owner)));
        var path = Assert.Single(jobs.Select(job => job.Is(HttpStatusCode.Accepted).Headers.Location!.ToString()).Distinct());
        (await api.GetAsync($"{path}/result", owner)).IsProblem(409, "export_not_ready");
        Assert.Equal("waiting", Text((await api.GetAsync(path, owner)).Json, "state"));
    }

    private static Task<TestApi> StartAsync(string redis) => TestApi.StartAsync(
        redis,
        new Dictionary<string, string?> { ["Data:PollInterval"] = "00:00:00.050", ["Data:SettleTime"] = "00:00:00" });

    private static async Task<JsonElement> EndAsync(TestApi api, string path, string token)
    {
        while (true)
        {
            var job = (await api.GetAsync(path, token)).Is(HttpStatusCode.OK).Json;
            if (Text(job, "state") is "done" or "failed")
            {
                return job;
            }
        }
    }

    private static HttpRequestMessage Put(string path, object body) => new(HttpMethod.Put, path) { Content = JsonContent.Create(body) };

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
