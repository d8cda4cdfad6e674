using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Scripts;

/// <summary>A deployment that answers as it is told to, byte by byte.</summary>
internal sealed class FakeDeployment : IAsyncDisposable
{
    public const string SiteToken = "site-token-that-nobody-may-see";
    public const string GuestToken = "guest-token-that-nobody-may-see";
    private const string DialogToken = "dialog-token-that-nobody-may-see";

    private readonly WebApplication _app;
    private readonly FakeSocket _socket;

    private FakeDeployment(WebApplication app, FakeSocket socket)
    {
        _app = app;
        _socket = socket;
    }

    public static IReadOnlyList<string> Secrets { get; } = [SiteToken, GuestToken, DialogToken];

    public string Url => _app.Urls.Single();

    public ConcurrentQueue<string> SecretsSeen { get; } = new();

    public int Looks { get; private set; }

    /// <summary>What the client did wrong.</summary>
    public string? Fault { get; private set; }

    public static async Task<FakeDeployment> StartAsync(string body, int status = 200, FakeSocket socket = FakeSocket.BadToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new FakeDeployment(app, socket);
        app.MapGet("/health/websocket", () => Results.Text(body, "application/json", statusCode: status));
        app.MapPost("/api/{mode}/dialogs", (Delegate)server.StartDialogAsync);
        app.MapGet("/ws/{mode}/dialogs/{id}", server.ServeAsync);
        await app.StartAsync(TestTimeout.Token());
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Look()
    {
        foreach (var secret in ProcessArguments.Find(Secrets))
        {
            SecretsSeen.Enqueue(secret);
        }

        Looks++;
    }

    private async Task<IResult> StartDialogAsync(HttpContext context)
    {
        Look();
        var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        if (body.RootElement.TryGetProperty("site_token", out var token) && token.GetString() != SiteToken)
        {
            // An answer that repeats the secret.
            return Results.Json(new { code = "site_token_invalid", title = token.GetString() }, statusCode: 401);
        }

        return Results.Json(
            new { id = 5, token = DialogToken, realtime_url = $"{Url.Replace("http", "ws", StringComparison.Ordinal)}/ws/widget/dialogs/5" },
            statusCode: 201);
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (_socket == FakeSocket.Refused)
        {
            context.Response.StatusCode = 503;
            context.Response.ContentLength = 19;
            await context.Response.WriteAsync("""{"code":"draining"}""");
            return;
        }

        var key = context.Request.Headers.SecWebSocketKey + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
#pragma warning disable CA5350 // RFC 6455 wants it.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(_socket == FakeSocket.WrongAccept ? "" : key)));
#pragma warning restore CA5350
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.SecWebSocketAccept = accept;
        context.Response.Headers.SecWebSocketProtocol = "replyx.v1";
        await using var stream = await context.Features.Get<IHttpUpgradeFeature>()!.UpgradeAsync();
        try
        {
            await TalkAsync(stream);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client has had enough.
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        switch (_socket)
        {
            case FakeSocket.BadToken:
                await SendCloseAsync(stream, 4002);
                return;
            case FakeSocket.OtherCode:
                await SendCloseAsync(stream, 1011);
                return;
            case FakeSocket.Deaf:
                await ReceiveAsync(stream);
                return;
            default:
                break;
        }

        Look();
        if (_socket == FakeSocket.Fragments)
        {
            await SendAsync(stream, 0x89, "are you there"u8.ToArray());
            await SendAsync(stream, 0x89, []);
            var (pong, payload) = await ReceiveAsync(stream);
            Expect(pong == 0x8a && payload.AsSpan().SequenceEqual("are you there"u8), "the first ping was not answered");
            (pong, payload) = await ReceiveAsync(stream);
            Expect(pong == 0x8a && payload.Length == 0, "the second ping was not answered");
        }

        await SendTextAsync(stream, """{"type":"connected","dialog_id":5,"node":"fake"}""");
        var (head, message) = await ReceiveAsync(stream);
        Expect(head == 0x81, "not a whole text message");
        var json = JsonNode.Parse(message)!;
        var (clientId, text) = (json["client_id"]!.GetValue<string>(), json["text"]!.GetValue<string>());
        Expect(json["type"]!.GetValue<string>() == "message", "not a message");
        Expect(text.StartsWith("Health check ✓ ", StringComparison.Ordinal), "not its text");
        await AnswerAsync(stream, clientId, text);

        // Until the client says goodbye.
        while ((await ReceiveAsync(stream)).Head != 0x88)
        {
        }
    }

    private async Task AnswerAsync(Stream stream, string clientId, string text)
    {
        if (_socket == FakeSocket.Silent)
        {
            return;
        }

        if (_socket == FakeSocket.Error)
        {
            await SendTextAsync(stream, $$"""{"type":"error","code":"handoff_active","client_id":"{{clientId}}"}""");
            return;
        }

        await SendTextAsync(stream, """{"type":"message","seq":6,"sender":"assistant","text":"of somebody else"}""");
        if (_socket != FakeSocket.AckOnly)
        {
            await SendTextAsync(stream, new JsonObject
            {
                ["type"] = "message",
                ["seq"] = _socket == FakeSocket.OtherNumber ? 8 : 7,
                ["client_id"] = clientId,
                ["text"] = _socket == FakeSocket.OtherText ? text.Replace('✓', '?') : text,

                // A length of 16 bits.
                ["padding"] = new string('x', _socket == FakeSocket.Fragments ? 20_000 : 0),
            }.ToJsonString());
        }

        await SendTextAsync(stream, $$"""{"type":"ack","seq":7,"client_id":"{{clientId}}"}""");
    }

    private async Task SendTextAsync(Stream stream, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (_socket != FakeSocket.Fragments)
        {
            await SendAsync(stream, 0x81, bytes);
            return;
        }

        var half = bytes.Length / 2;
        await SendAsync(stream, 0x01, bytes[..half]);
        await SendAsync(stream, 0x8a, "a pong that nobody asked for"u8.ToArray());
        await SendAsync(stream, 0x80, bytes[half..]);
    }

    private static async Task SendCloseAsync(Stream stream, ushort code)
    {
        var payload = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(payload, code);
        await SendAsync(stream, 0x88, payload);
        await ReceiveAsync(stream);
    }

    private static async Task SendAsync(Stream stream, byte head, byte[] payload)
    {
        byte[] length;
        if (payload.Length < 126)
        {
            length = [(byte)payload.Length];
        }
        else
        {
            length = [126, (byte)(payload.Length >> 8), (byte)payload.Length];
        }

        await stream.WriteAsync((byte[])[head, .. length, .. payload]);
        await stream.FlushAsync();
    }

    private static async Task<(byte Head, byte[] Payload)> ReceiveAsync(Stream stream)
    {
        var deadline = TestTimeout.Token();
        var head = new byte[2];
        await stream.ReadExactlyAsync(head, deadline);
        if ((head[1] & 0x80) == 0)
        {
            throw new IOException("The client's frame is not masked.");
        }

        var length = head[1] & 0x7f;
        if (length == 126)
        {
            var more = new byte[2];
            await stream.ReadExactlyAsync(more, deadline);
            length = BinaryPrimitives.ReadUInt16BigEndian(more);
        }

        var mask = new byte[4];
        await stream.ReadExactlyAsync(mask, deadline);
        var payload = new byte[length];
        await stream.ReadExactlyAsync(payload, deadline);
        for (var i = 0; i < length; i++)
        {
            payload[i] ^= mask[i % 4];
        }

        return (head[0], payload);
    }

    private void Expect(bool isSo, string fault)
    {
        if (!isSo)
        {
            Fault ??= fault;
        }
    }
}
