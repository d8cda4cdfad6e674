using System.Net;

namespace ReplyX.Api.Tests.Limits;

public sealed class RateTests(SharedServers servers) : ApiTest(servers)
{
    [Fact]
    public async Task One_guest_who_floods_stops_nobody_else()
    {
        await using var api = await StartAsync(("Guest:Burst", "5"), ("Guest:PerMinute", "1"));
        var account = await api.NewAccountAsync();
        var (noisy, quiet) = (await account.OpenWidgetAsync(), await account.OpenWidgetAsync());

        var answers = new List<Answer>();
        for (var i = 0; i < 8; i++)
        {
            answers.Add(await noisy.SendAsync($"m{i}", $"k{i}"));
        }

        Assert.All(answers.Take(5), answer => answer.Is(HttpStatusCode.Created));
        Assert.All(answers.Skip(5), answer => answer.IsProblem(429, "rate_limited"));
        Assert.InRange(answers[^1].Headers.RetryAfter!.Delta!.Value.TotalSeconds, 30, 60);
        (await quiet.SendAsync("hello", "1")).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task One_operator_who_floods_stops_no_other()
    {
        await using var api = await StartAsync(("Operator:Burst", "3"), ("Operator:PerMinute", "1"));
        var account = await api.NewAccountAsync();
        var (anna, boris) = (await account.OperatorAsync(), await account.OperatorAsync("Boris"));

        for (var i = 0; i < 3; i++)
        {
            (await api.GetAsync("/api/dialogs", anna)).Is(HttpStatusCode.OK);
        }

        (await api.GetAsync("/api/dialogs", anna)).IsProblem(429, "rate_limited");
        (await api.GetAsync("/api/dialogs", boris)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_flood_of_visitors_from_one_address_shuts_no_operator_and_no_probe_out()
    {
        await using var api = await StartAsync(("Address:Burst", "10"), ("Address:PerMinute", "1"));
        var account = await api.NewAccountAsync();
        var anna = await account.OperatorAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => api.GetAsync("/nothing")));

        Assert.Equal(10, answers.Count(answer => answer.Status == HttpStatusCode.NotFound));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.NotFound), answer => answer.IsProblem(429, "rate_limited"));
        (await api.PostAsync("/api/widget/dialogs", new { assistant_id = account.Site.AssistantId })).IsProblem(429, "rate_limited");
        (await api.GetAsync("/api/dialogs", anna)).Is(HttpStatusCode.OK);
        (await api.GetAsync("/health/ready")).Is(HttpStatusCode.OK);
        (await api.GetAsync("/metrics")).Is(HttpStatusCode.OK);
        (await api.GetAsync("/internal/nodes")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Bad_tokens_count_for_their_address()
    {
        await using var api = await StartAsync(("Address:Burst", "3"), ("Address:PerMinute", "1"));
        for (var i = 0; i < 3; i++)
        {
            (await api.GetAsync("/api/dialogs", $"guess-{i}")).IsProblem(401, "token_invalid");
        }

        (await api.GetAsync("/api/dialogs", "guess-4")).IsProblem(429, "rate_limited");
    }

    [Fact]
    public async Task Guesses_at_one_login_are_slowed_without_hindering_another()
    {
        await using var api = await StartAsync(("SignInLogin:Burst", "3"), ("SignInLogin:PerMinute", "1"));
        var account = await api.NewAccountAsync();
        await account.OperatorAsync();
        await account.OperatorAsync("Boris");

        for (var i = 0; i < 3; i++)
        {
            (await SignInAsync(account.Login("Anna"), $"guess-{i}")).IsProblem(401, "sign_in_failed");
        }

        (await SignInAsync(account.Login("Anna").ToUpperInvariant(), TestApi.DemoPassword)).IsProblem(429, "rate_limited");
        (await SignInAsync(account.Login("Boris"), TestApi.DemoPassword)).Is(HttpStatusCode.OK);

        Task<Answer> SignInAsync(string login, string password) => api.PostAsync("/api/operator/sign-in", new { login, password });
    }

    [Fact]
    public async Task Guesses_at_many_logins_are_slowed_by_address()
    {
        await using var api = await StartAsync(("SignInAddress:Burst", "3"), ("SignInAddress:PerMinute", "1"));
        for (var i = 0; i < 3; i++)
        {
            (await api.PostAsync("/api/operator/sign-in", new { login = $"l{i}", password = "x" })).IsProblem(401, "sign_in_failed");
        }

        (await api.PostAsync("/api/operator/sign-in", new { login = "l4", password = "x" })).IsProblem(429, "rate_limited");
    }

    [Fact]
    public async Task New_guests_are_limited_by_address_and_site_and_those_who_come_back_are_not()
    {
        await using var api = await StartAsync(("NewGuests:Burst", "3"), ("NewGuests:PerMinute", "1"));
        var (account, other) = (await api.NewAccountAsync(), await api.NewAccountAsync());
        var guest = await account.OpenWidgetAsync();
        await account.OpenWidgetAsync();
        await account.OpenSiteAsync();

        var refused = await api.PostAsync("/api/widget/dialogs", new { assistant_id = account.Site.AssistantId });
        Assert.InRange(refused.IsProblem(429, "rate_limited").Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        (await api.PostAsync("/api/site/dialogs", new { site_token = account.SiteToken })).IsProblem(429, "rate_limited");

        Assert.Equal(guest.Id, (await account.OpenWidgetAsync(guest.GuestToken)).Id);
        Assert.Equal(HttpStatusCode.Created, (await account.OpenSiteAsync(guest.GuestToken)).Answer.Status);
        Assert.Equal(HttpStatusCode.Created, (await other.OpenWidgetAsync()).Answer.Status);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.TooManyRequests)]
    [InlineData("127.0.0.0/8", HttpStatusCode.NotFound)]
    [InlineData("10.0.0.0/8", HttpStatusCode.TooManyRequests)]
    public async Task Only_a_trusted_proxy_is_believed(string? trusted, HttpStatusCode second)
    {
        List<(string Name, string Value)> settings = [("Limits:Address:Burst", "1"), ("Limits:Address:PerMinute", "1")];
        if (trusted is not null)
        {
            settings.Add(("Proxies:Trusted:0", trusted));
        }

        await using var api = await StartApiAsync(settings);

        (await FromAsync("192.0.2.1")).Is(HttpStatusCode.NotFound);
        (await FromAsync("192.0.2.2")).Is(second);

        Task<Answer> FromAsync(string address)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/nothing");
            request.Headers.Add("X-Forwarded-For", address);
            return api.SendAsync(request);
        }
    }

    private Task<TestApi> StartAsync(params (string Name, string Value)[] limits) =>
        StartApiAsync([.. limits.Select(limit => ($"Limits:{limit.Name}", limit.Value))]);
}
