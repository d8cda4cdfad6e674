using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace ReplyX.Api.Tests.Hostile;

public sealed partial class HostileTests(SharedServers servers) : ApiTest(servers)
{
    private const int Count = 1_000;

    [Fact]
    public async Task A_thousand_hostile_requests_are_each_refused_as_documented_and_leave_no_trace_in_the_log()
    {
        var codes = DocumentedCodes();
        await using var api = await StartApiAsync();
        var battery = await HostileBattery.CreateAsync(api, Seed.Random());
        var wave = Enumerable.Range(0, Count).Select(_ => battery.Next()).ToArray();
        var before = await battery.Victim.ReadAsync();
        var seen = new HashSet<string>();

        await Parallel.ForEachAsync(
            wave,
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestTimeout.Token(TimeSpan.FromMinutes(3)) },
            async (hostile, _) =>
            {
                var answer = await api.SendAsync(hostile.Request);
                Assert.True((int)answer.Status is >= 400 and < 500, $"{hostile.Name}: {answer}");
                Assert.True(answer.Code is not null && codes.Contains(((int)answer.Status, answer.Code)), $"{hostile.Name}: {answer}");
                Assert.True(hostile.Codes.Contains(answer.Code), $"{hostile.Name}: expected one of {string.Join(", ", hostile.Codes)}, got {answer}");
                answer.IsProblem((int)answer.Status, answer.Code);
                lock (seen)
                {
                    seen.Add(answer.Code);
                }
            });

        Assert.Equal(before.Text, (await battery.Victim.ReadAsync()).Text);
        Assert.Superset(
            new HashSet<string>([
                "invalid_json", "invalid_field", "invalid_parameter", "token_missing", "token_invalid", "token_expired", "not_found",
                "dialog_not_found", "method_not_allowed", "body_too_large", "unsupported_media_type", "handoff_wrong_state",
                "idempotency_conflict", "assistant_not_found", "site_not_found", "site_token_invalid", "sign_in_failed"]),
            seen);
        (await api.GetAsync("/health/ready")).Is(HttpStatusCode.OK);
        AssertLogIsClean(api, battery.Canary, battery.Secrets);
    }

    [Fact]
    public async Task What_is_not_http_is_refused_and_leaves_no_trace_in_the_log()
    {
        const string Canary = "canary-in-a-broken-request";
        await using var api = await StartApiAsync();
        string[] broken =
        [
            $"GET /?token={Canary}\r\n\r\n",
            $"GET /a b?token={Canary} HTTP/1.1\r\nHost: x\r\n\r\n",
            $"GET /\0?token={Canary} HTTP/1.1\r\nHost: x\r\n\r\n",
            $"GET /%00?token={Canary} HTTP/1.1\r\nHost: x\r\n\r\n",
            $"GET /?token={Canary} HTTP/1.1\r\n\r\n",
            $"GET /?token={Canary} HTTP/1.1\r\nHost: a b\r\n\r\n",
            $"GET / HTTP/1.1\r\nHost: x\r\nAuthorization : Bearer {Canary}\r\n\r\n",
            $"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {Canary}\0\r\n\r\n",
            $"GET / HTTP/1.1\r\nHost: x\r\nX: {new string('x', 20_000)}\r\nAuthorization: Bearer {Canary}\r\n\r\n",
            $"GET /?token={Canary}{new string('x', 20_000)} HTTP/1.1\r\nHost: x\r\n\r\n",
            $"POST /api/widget/dialogs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: -5\r\n\r\n{Canary}",
            $"POST /api/widget/dialogs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999999999999999\r\n\r\n{Canary}",
            $"POST /api/widget/dialogs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: nonsense\r\n\r\n{Canary}",
            $"POST /api/widget/dialogs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz{Canary}\r\n",
            $"{Canary}\r\n\r\n",
            $"GET http://x:99999/?token={Canary} HTTP/1.1\r\nHost: x\r\n\r\n",
        ];
        foreach (var request in broken)
        {
            var status = await SendRawAsync(api.Root, request);
            Assert.True(status is >= 400 and < 500, $"{request[..Math.Min(80, request.Length)]}: {status}");
        }

        // Kestrel's own, as RFC 9110 has it; nothing of ours runs before it.
        Assert.Equal(505, await SendRawAsync(api.Root, $"GET /?token={Canary} HTTP/9.9\r\nHost: x\r\n\r\n"));

        // Half a request, and then nobody: no answer is expected, and no complaint. By a reset and by an end, at every moment.
        await Parallel.ForAsync(0, 200, async (i, _) =>
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, api.Root.Port, TestTimeout.Token());
            await client.GetStream().WriteAsync(
                Encoding.ASCII.GetBytes($"POST /api/validate-widget-token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{Canary}"),
                TestTimeout.Token());

            // Not a wait for anything: the service is to be found at every moment, amid the reading too.
            await Task.Delay(i % 60, CancellationToken.None);
            if (i % 2 == 0)
            {
                client.Client.Close(timeout: 0);
            }
        });

        (await api.GetAsync("/alive")).Is(HttpStatusCode.OK);
        AssertLogIsClean(api, Canary, []);
    }

    private static void AssertLogIsClean(TestApi api, string canary, IReadOnlyCollection<string> secrets)
    {
        var lines = api.Logs.All.ToArray();
        Assert.NotEmpty(lines);
        Assert.DoesNotContain(lines, line => line.Level >= LogLevel.Error);
        Assert.DoesNotContain(lines, line => line.Text.Contains(canary, StringComparison.Ordinal));
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(lines, line => line.Text.Contains(secret, StringComparison.Ordinal));
        }
    }

    private static async Task<int> SendRawAsync(Uri root, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, root.Port, TestTimeout.Token());
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestTimeout.Token());
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var line = await reader.ReadLineAsync(TestTimeout.Token());
        return line?.Split(' ') is [_, var status, ..] ? int.Parse(status, System.Globalization.CultureInfo.InvariantCulture) : 0;
    }

    private static HashSet<(int Status, string Code)> DocumentedCodes() =>
        [.. Row().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "http.md")))
            .Select(match => (int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), match.Groups[2].Value))];

    [GeneratedRegex(@"^\| (\d{3}) \| `([a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
