using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Tokens;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Scripts;

/// <summary>The health check as a process: against the real services, and against servers that answer wrongly.</summary>
public sealed class HealthCheckScriptTests
{
    private const string Healthy =
        """
        {"active_admin_connections":3,"active_site_connections":1,"total_dialogs_admin":2,"total_dialogs_site":1,"dialogs_estimated":false,
        "status":"healthy","nodes":2,"ready_nodes":2,"backplane_milliseconds":5.5}
        """;

    // A port on which nobody listens: what the system hands out to clients is above it.
    private const string NobodyThere = "http://127.0.0.1:9";

    public HealthCheckScriptTests() => Script.RequireTools();

    [Fact]
    public async Task A_message_goes_through_the_real_services_and_back()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);
        await using var api = await ApiService.StartAsync(redis, ("Realtime:PublicUrl", node.Url.ToString()));
        var widget = ("HEALTH_WIDGET", RealtimeNode.Site.AssistantId);
        var at = Address(api.Http.BaseAddress!);

        var (code, output) = await CheckAsync([Address(node.Url), "--api", at], widget);
        Assert.Matches("ok +message +stored as 2 and heard by the socket in [0-9]+ ms\n", output);
        Assert.EndsWith($"healthy: {Address(node.Url)} (exit code 0)\n", output, StringComparison.Ordinal);
        Assert.Equal(0, code);

        (code, output) = await CheckAsync([Address(node.Url), "--api", at, "--widget", widget.AssistantId, "--json"]);
        var result = JsonDocument.Parse(output).RootElement;
        Assert.Equal("healthy", result.GetProperty("verdict").GetString());
        Assert.Equal(1, result.GetProperty("report").GetProperty("ready_nodes").GetInt32());
        Assert.True(result.GetProperty("message_milliseconds").GetInt32() >= 0);
        Assert.All(result.GetProperty("checks").EnumerateArray(), check => Assert.Equal("ok", check.GetProperty("result").GetString()));
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task A_site_token_checks_the_sites_path_and_a_guest_token_keeps_to_one_dialog()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);
        await using var api = await ApiService.StartAsync(redis, ("Realtime:PublicUrl", node.Url.ToString()));
        var siteToken = node.Tokens.Issue(new SiteClaims("acme", RealtimeNode.Site.Id, RealtimeNode.Site.TokenVersion)).Token;
        var started = await api.Http.PostAsync(
            "/api/site/dialogs",
            new StringContent(JsonSerializer.Serialize(new { site_token = siteToken }), Encoding.UTF8, "application/json"),
            TestTimeout.Token());
        var guestToken = JsonDocument.Parse(await started.Content.ReadAsStringAsync()).RootElement.GetProperty("guest_token").GetString()!;

        // As secrets are often stored.
        (string, string)[] environment =
            [("HEALTH_API_URL", Address(api.Http.BaseAddress!)), ("HEALTH_SITE_TOKEN", siteToken + "\n"), ("HEALTH_GUEST_TOKEN", guestToken)];

        foreach (var seq in (int[])[2, 3])
        {
            var (code, output) = await CheckAsync([Address(node.Url)], environment);
            Assert.Contains($"stored as {seq} ", output, StringComparison.Ordinal);
            Assert.DoesNotContain(siteToken, output, StringComparison.Ordinal);
            Assert.DoesNotContain(guestToken, output, StringComparison.Ordinal);
            Assert.Equal(0, code);
        }
    }

    [Fact]
    public async Task Without_a_credential_the_upgrade_is_checked_and_said_to_be_all()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);

        var (code, output) = await CheckAsync([Address(node.Url)]);

        Assert.Contains("a wrong token closed with 4002", output, StringComparison.Ordinal);
        Assert.Contains("there is no credential, so only the upgrade and the path were", output, StringComparison.Ordinal);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task A_socket_over_TLS_is_checked_with_its_certificate()
    {
        using var directory = new TempDirectory();
        var (certificate, key) = (directory.File("cert.pem"), directory.File("key.pem"));
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", pair, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(certificate, signed.ExportCertificatePem(), TestTimeout.Token());
        await File.WriteAllTextAsync(key, pair.ExportPkcs8PrivateKeyPem(), TestTimeout.Token());
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(
            redis,
            ("Kestrel:Endpoints:Encrypted:Url", "https://127.0.0.1:0"),
            ("Kestrel:Endpoints:Encrypted:Certificate:Path", certificate),
            ("Kestrel:Endpoints:Encrypted:Certificate:KeyPath", key));
        await using var api = await ApiService.StartAsync(redis, ("Realtime:PublicUrl", node.Url.ToString()));
        string[] arguments = [Address(node.Url), "--api", Address(api.Http.BaseAddress!), "--widget", RealtimeNode.Site.AssistantId];
        Assert.StartsWith("https:", arguments[0], StringComparison.Ordinal);

        var (code, output) = await CheckAsync(arguments, ("CURL_CA_BUNDLE", certificate));
        Assert.Contains("heard by the socket", output, StringComparison.Ordinal);
        Assert.Equal(0, code);

        (code, output) = await CheckAsync(arguments);
        Assert.Contains("certificate", output, StringComparison.Ordinal);
        Assert.Equal(2, code);
    }

    [Theory]
    [InlineData("", 0, "degraded: ")]
    [InlineData("--strict", 6, "degraded: ")]
    public async Task Degraded_is_a_warning_unless_it_is_to_fail(string option, int expected, string verdict)
    {
        await using var server = await FakeDeployment.StartAsync(
            With(report =>
            {
                report["status"] = "degraded";
                report["reasons"] = new JsonArray("one node drains");
            }));

        var (code, output) = await CheckAsync([server.Url, .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Matches("warning +report +200, degraded: one node drains", output);
        Assert.Contains($"\n{verdict}", output, StringComparison.Ordinal);
        Assert.Equal(expected, code);
    }

    [Fact]
    public async Task What_says_of_itself_that_it_is_unhealthy_is()
    {
        await using var server = await FakeDeployment.StartAsync(
            With(report =>
            {
                report["status"] = "unhealthy";
                report["reasons"] = new JsonArray("the backplane\u001b[2J does not answer");
                report["ready_nodes"] = 0;
                report.Remove("backplane_milliseconds");
            }),
            status: 503);

        var (code, output) = await CheckAsync([server.Url]);

        Assert.Contains("the backplane?[2J does not answer", output, StringComparison.Ordinal);
        Assert.Equal(1, code);
    }

    [Theory]
    [InlineData("--min-nodes 3", "2 nodes are ready, and 3 must be")]
    [InlineData("--max-backplane-ms 5.5", "took 5.5 ms, and must take less than 5.5")]
    public async Task Limits_that_are_not_kept_are_unhealthy(string options, string expected)
    {
        await using var server = await FakeDeployment.StartAsync(Healthy);

        var (code, output) = await CheckAsync([server.Url, .. options.Split(' ')]);

        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.Equal(1, code);
    }

    [Theory]
    [InlineData("ok", 200, "no JSON object")]
    [InlineData("", 200, "no JSON object")]
    [InlineData("<html>fine</html>", 200, "no JSON object")]
    [InlineData("\"healthy\"", 200, "no JSON object")]
    [InlineData("{} {}", 200, "no JSON object")]
    [InlineData("""{"status":"healthy"}""", 200, "no whole number in active_admin_connections, ")]
    [InlineData("no", 404, "404, where a report is 200 or 503")]
    [InlineData("gone", 503, "no JSON object")]
    public async Task What_is_no_report_is_a_failure_even_with_200(string body, int status, string expected)
    {
        await using var server = await FakeDeployment.StartAsync(body, status);

        var (code, output) = await CheckAsync([server.Url]);

        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.EndsWith($"wrong answer: {server.Url} (exit code 3)\n", output, StringComparison.Ordinal);
        Assert.Equal(3, code);
    }

    [Theory]
    [InlineData("active_site_connections", "-1", "no whole number in active_site_connections")]
    [InlineData("total_dialogs_admin", "1.5", "no whole number in total_dialogs_admin")]
    [InlineData("total_dialogs_site", "\"1\"", "no whole number in total_dialogs_site")]
    [InlineData("ready_nodes", "3", "more nodes are ready than there are")]
    [InlineData("dialogs_estimated", "null", "dialogs_estimated")]
    [InlineData("backplane_milliseconds", "null", "backplane_milliseconds is missing")]
    [InlineData("backplane_milliseconds", "-1", "backplane_milliseconds is not a time")]
    [InlineData("status", "\"fine\"", "status is unknown")]
    [InlineData("status", "\"unhealthy\"", "200 does not go with the status")]
    [InlineData("reasons", "[\"but\"]", "it is healthy, with reasons")]
    [InlineData("reasons", "\"but\"", "reasons is not a list of texts")]
    public async Task A_report_with_a_wrong_member_is_a_failure(string member, string value, string expected)
    {
        await using var server = await FakeDeployment.StartAsync(With(report => report[member] = JsonNode.Parse(value)));

        var (code, output) = await CheckAsync([server.Url]);

        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.Equal(3, code);
    }

    [Fact]
    public async Task Nobody_there_is_unreachable()
    {
        var (code, output) = await CheckAsync([NobodyThere, "--json"]);

        Assert.Equal("unreachable", JsonDocument.Parse(output).RootElement.GetProperty("verdict").GetString());
        Assert.Equal(2, code);
    }

    [Fact]
    public async Task Who_accepts_and_says_nothing_is_given_up_in_time()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var clock = Stopwatch.StartNew();

        var (code, output) = await CheckAsync([$"http://{listener.LocalEndpoint}", "--timeout", "1"]);

        Assert.StartsWith("failed   report", output, StringComparison.Ordinal);
        Assert.Equal(2, code);
        Assert.InRange(clock.Elapsed.TotalSeconds, 1, 30);
    }

    [Theory]
    [InlineData(FakeSocket.Refused, "no upgrade, but HTTP/1.1 503 Service Unavailable, draining")]
    [InlineData(FakeSocket.WrongAccept, "Sec-WebSocket-Accept")]
    [InlineData(FakeSocket.Deaf, "nothing came within 2 s, where 4002 was expected")]
    [InlineData(FakeSocket.OtherCode, "closed with 1011, where 4002 was expected")]
    public async Task A_socket_that_fails_is_a_failure_whatever_the_report_says(FakeSocket kind, string expected)
    {
        await using var server = await FakeDeployment.StartAsync(Healthy, socket: kind);

        var (code, output) = await CheckAsync([server.Url, "--timeout", "2"]);

        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.Equal(4, code);
    }

    [Theory]
    [InlineData(FakeSocket.Echo, "stored as 7 and heard", 0)]
    [InlineData(FakeSocket.Fragments, "stored as 7 and heard", 0)]
    [InlineData(FakeSocket.OtherText, "it came back with another text", 5)]
    [InlineData(FakeSocket.OtherNumber, "acknowledged as 7, but heard as 8", 5)]
    [InlineData(FakeSocket.Error, "refused: handoff_active", 5)]
    [InlineData(FakeSocket.Silent, "nothing came within 2 s; of the message's acknowledgement and the message itself came 0", 5)]
    [InlineData(FakeSocket.AckOnly, "the message itself came 1", 5)]
    [InlineData(FakeSocket.OtherCode, "closed with 1011, where \"connected\" was expected", 4)]
    public async Task The_message_must_be_acknowledged_and_come_back_as_it_was(FakeSocket kind, string expected, int expectedCode)
    {
        await using var server = await FakeDeployment.StartAsync(Healthy, socket: kind);

        var (code, output) = await CheckAsync([server.Url, "--api", server.Url, "--widget", "shop", "--timeout", "2"]);

        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.Equal(expectedCode, code);
        Assert.Null(server.Fault);
    }

    [Fact]
    public async Task A_dialog_that_is_not_started_is_a_failure_and_its_error_is_shown_by_its_code_alone()
    {
        await using var server = await FakeDeployment.StartAsync(Healthy);

        var (code, output) = await CheckAsync([server.Url, "--api", server.Url], ("HEALTH_SITE_TOKEN", "bad-site-token"));

        Assert.Matches("failed +dialog +the API answered 401, site_token_invalid\n", output);
        Assert.DoesNotContain("bad-site-token", output, StringComparison.Ordinal);
        Assert.Equal(5, code);
    }

    [Fact]
    public async Task No_token_stands_in_the_output_or_in_the_list_of_processes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the list of processes is read from /proc");
        await using var server = await FakeDeployment.StartAsync(Healthy, socket: FakeSocket.Echo);

        var (code, output) = await CheckAsync(
            [server.Url, "--api", server.Url],
            ("HEALTH_SITE_TOKEN", FakeDeployment.SiteToken), ("HEALTH_GUEST_TOKEN", FakeDeployment.GuestToken));

        Assert.Equal(0, code);
        Assert.True(server.Looks >= 2);
        Assert.Empty(server.SecretsSeen);
        foreach (var secret in FakeDeployment.Secrets)
        {
            Assert.DoesNotContain(secret, output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("", "The URL is missing")]
    [InlineData("replyx.example", "The URL is not")]
    [InlineData("https://user:word@replyx.example", "The URL is not")]
    [InlineData("https://replyx.example?token=abc", "The URL is not")]
    [InlineData(NobodyThere + " " + NobodyThere, "One URL")]
    [InlineData(NobodyThere + " --fast", "There is no option --fast")]
    [InlineData(NobodyThere + " --min-nodes", "--min-nodes needs a value")]
    [InlineData(NobodyThere + " --min-nodes two", "--min-nodes takes")]
    [InlineData(NobodyThere + " --timeout 0", "--timeout takes")]
    [InlineData(NobodyThere + " --max-backplane-ms fast", "--max-backplane-ms takes")]
    [InlineData(NobodyThere + " --widget shop", "--api is missing")]
    public async Task Wrong_options_are_told_from_a_failure(string arguments, string expected)
    {
        var (code, output) = await CheckAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.Equal(64, code);
    }

    [Fact]
    public async Task Help_names_every_exit_code()
    {
        var (code, output) = await CheckAsync(["--help"]);

        Assert.All((int[])[0, 1, 2, 3, 4, 5, 6, 64], exitCode => Assert.Matches($"\n  {exitCode} +[a-z]", output));
        Assert.Equal(0, code);
    }

    private static string Address(Uri url) => url.GetLeftPart(UriPartial.Authority);

    private static string With(Action<JsonObject> change)
    {
        var report = JsonNode.Parse(Healthy)!.AsObject();
        change(report);
        return report.ToJsonString();
    }

    private static Task<(int ExitCode, string Output)> CheckAsync(string[] arguments, params (string Name, string Value)[] environment) =>
        Script.RunAsync("websocket-health-check.sh", arguments, environment);
}
