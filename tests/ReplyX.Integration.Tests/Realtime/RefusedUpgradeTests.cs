using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Realtime.Draining;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>What a client gets that asks for a socket and gets none: one answer, and the end of the connection.</summary>
public sealed partial class RefusedUpgradeTests
{
    private const string Pipelined = "GET /alive HTTP/1.1\r\nHost: localhost\r\n\r\n";

    public static TheoryData<string, int> Refused => new()
    {
        { "GET /ws/dialogs HTTP/1.1\r\nHost: localhost\r\n\r\n", 426 },
        { RawConnection.UpgradeRequest("/ws/dialogs", socketVersion: "8"), 426 },
        { RawConnection.UpgradeRequest("/ws/dialogs", key: "short"), 400 },
        { RawConnection.UpgradeRequest("/ws/nothing"), 404 },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task What_follows_a_refused_upgrade_is_not_answered(string request, int status)
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);

        await AssertTheOnlyAnswerAsync(node, request, status);
    }

    [Fact]
    public async Task Nor_what_follows_one_that_came_too_fast()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Limits:ConnectBurst", "1"), ("Limits:ConnectsPerSecond", "1"));
        List<RawConnection> connections = [];
        string head;
        do
        {
            Assert.True(connections.Count < 50, "50 connects at once were not too many");
            connections.Add(await RawConnection.OpenAsync(node.Url));
            await connections[^1].SendAsync(RawConnection.UpgradeRequest("/ws/dialogs") + Pipelined);
            head = await connections[^1].ReadHeadAsync();
        }
        while (!head.StartsWith("HTTP/1.1 429", StringComparison.Ordinal));

        Assert.Contains("\r\nConnection: close\r\n", head, StringComparison.Ordinal);
        Assert.Empty(Answers().Matches(await connections[^1].ReadToEndAsync()));
        connections.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task Nor_what_follows_one_while_the_node_drains_or_Redis_is_away()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);
        var token = node.OperatorToken();
        await redis.KillAsync();
        await AssertTheOnlyAnswerAsync(
            node, RawConnection.UpgradeRequest("/ws/dialogs", extra: $"Sec-WebSocket-Protocol: replyx.v1, replyx.token.{token}\r\n"), 503);

        node.Service<Drainer>().Drain();
        await AssertTheOnlyAnswerAsync(node, RawConnection.UpgradeRequest("/ws/dialogs"), 503);
    }

    [Fact]
    public async Task An_upgrade_in_HTTP_1_0_is_no_upgrade()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);

        await AssertTheOnlyAnswerAsync(node, RawConnection.UpgradeRequest("/ws/dialogs", version: "1.0"), 426);
    }

    [Fact]
    public async Task Over_TLS_only_HTTP_1_1_is_offered_whatever_the_configuration_has_for_a_default()
    {
        using var certificates = new TempDirectory();
        using var certificate = SelfSigned();
        var file = Path.Combine(certificates.Path, "server.pfx");
        await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pfx), TestTimeout.Token());
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(
            redis,
            ("Kestrel:EndpointDefaults:Protocols", "Http1AndHttp2"),
            ("Kestrel:Endpoints:Tls:Url", "https://127.0.0.1:0"),
            ("Kestrel:Endpoints:Tls:Certificate:Path", file));
        using var client = new TcpClient();
        await client.ConnectAsync(node.Url.Host, node.Url.Port, TestTimeout.Token());
        await using var tls = new SslStream(client.GetStream());

        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == certificate.GetCertHashString(),
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            },
            TestTimeout.Token());

        Assert.Equal(SslApplicationProtocol.Http11, tls.NegotiatedApplicationProtocol);
        await tls.WriteAsync(Encoding.ASCII.GetBytes(RawConnection.UpgradeRequest("/ws/dialogs")), TestTimeout.Token());
        using var reader = new StreamReader(tls, Encoding.ASCII);
        Assert.Equal("HTTP/1.1 101 Switching Protocols", await reader.ReadLineAsync(TestTimeout.Token()));
    }

    private static async Task AssertTheOnlyAnswerAsync(RealtimeNode node, string request, int status)
    {
        using var connection = await RawConnection.OpenAsync(node.Url);
        await connection.SendAsync(request + Pipelined);

        var answer = await connection.ReadToEndAsync();

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Single(Answers().Matches(answer));
        Assert.Contains(status == 426 ? "\r\nConnection: Upgrade, close\r\n" : "\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(status == 426, answer.Contains("\r\nUpgrade: websocket\r\n", StringComparison.Ordinal));
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    [GeneratedRegex("^HTTP/1", RegexOptions.Multiline)]
    private static partial Regex Answers();
}
