using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>An endpoint that the node itself encrypts.</summary>
public sealed class EncryptedEndpointTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private RedisServer? _redis;
    private RealtimeNode? _node;

    private string? _certificate;

    private RealtimeNode Node => _node!;

    public async ValueTask InitializeAsync()
    {
        var (certificate, key) = (Path.Combine(_directory.Path, "cert.pem"), Path.Combine(_directory.Path, "key.pem"));
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", pair, HashAlgorithmName.SHA256);
        using var signed = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _certificate = signed.GetCertHashString();
        await File.WriteAllTextAsync(certificate, signed.ExportCertificatePem(), TestTimeout.Token());
        await File.WriteAllTextAsync(key, pair.ExportPkcs8PrivateKeyPem(), TestTimeout.Token());
        _redis = await RedisServer.StartAsync(RedisKind.Redis);
        _node = await RealtimeNode.StartAsync(
            _redis,
            ("Kestrel:Endpoints:Encrypted:Url", "https://127.0.0.1:0"),
            ("Kestrel:Endpoints:Encrypted:Certificate:Path", certificate),
            ("Kestrel:Endpoints:Encrypted:Certificate:KeyPath", key));
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        _directory.Dispose();
    }

    [Fact]
    public async Task A_socket_is_served_over_TLS()
    {
        var (dialog, token) = await Node.OpenDialogAsync();
        using var socket = new ClientWebSocket();
        socket.Options.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == _certificate;
        socket.Options.AddSubProtocol("replyx.v1");
        socket.Options.AddSubProtocol($"replyx.token.{token}");

        await socket.ConnectAsync(
            new UriBuilder(Node.Url) { Scheme = "wss", Path = $"/ws/widget/dialogs/{dialog.DialogId}" }.Uri, TestTimeout.Token());
        Assert.Equal("connected", await ReceiveAsync(socket, "type"));
        await Node.SayAsync(dialog, "in secret");

        Assert.Equal("in secret", await ReceiveAsync(socket, "text"));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestTimeout.Token());
    }

    [Fact]
    public async Task A_socket_in_clear_is_not_served()
    {
        var (dialog, token) = await Node.OpenDialogAsync();
        using var connection = await RawConnection.OpenAsync(Node.Url);

        await connection.TrySendAsync(FrameSocket.Request($"/ws/widget/dialogs/{dialog.DialogId}", token));

        Assert.DoesNotContain("101", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private static async Task<string?> ReceiveAsync(ClientWebSocket socket, string member)
    {
        var buffer = new byte[4_096];
        var received = await socket.ReceiveAsync(buffer, TestTimeout.Token());
        Assert.Equal(WebSocketMessageType.Text, received.MessageType);
        return JsonDocument.Parse(buffer.AsMemory(0, received.Count)).RootElement.GetProperty(member).GetString();
    }
}
