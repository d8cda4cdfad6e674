// A service whose behaviour its environment decides. It logs nothing of its own accord, so that what the host prints of it is known.
using System.Diagnostics;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text;

static string? Setting(string name) => Environment.GetEnvironmentVariable($"TEST_{name}");

if (Setting("SAY") is { } words)
{
    Console.WriteLine(words);
}

if (Setting("EXIT_CODE") is { } code)
{
    Console.Error.WriteLine("about to fail");
    return int.Parse(code, System.Globalization.CultureInfo.InvariantCulture);
}

if (Setting("GRANDCHILD") is not null)
{
    Process.Start("sleep", "1000");
}

PosixSignalRegistration? sigterm = Setting("IGNORE_SIGTERM") is null ? null : PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);
var firstWasReady = Environment.GetEnvironmentVariable("FIRST_HTTP") is { } first && await AnswersAsync(first);

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
if (sigterm is not null)
{
    builder.Services.AddSingleton<IHostLifetime, NoSignals>();
}

var app = builder.Build();
app.UseWebSockets();
var unready = Setting("UNREADY_SECONDS") is { } seconds ? double.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture) : 0;
var since = Stopwatch.StartNew();
app.MapGet("/health/ready", () => since.Elapsed.TotalSeconds < unready ? Results.StatusCode(503) : Results.Ok());
app.MapGet("/pid", () => Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
app.MapGet("/environment", () => Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value));
app.MapGet("/arguments", () => args);
app.MapGet("/first-was-ready", () => firstWasReady);
app.MapGet("/host", (HttpRequest request) => request.Host.Value);
app.MapPost("/length", async (HttpRequest request) =>
{
    using var body = new MemoryStream();
    await request.Body.CopyToAsync(body);
    return body.Length;
});
app.MapGet("/socket", async context =>
{
    using var socket = await context.WebSockets.AcceptWebSocketAsync();
    await socket.SendAsync(Encoding.UTF8.GetBytes($"{Environment.ProcessId}"), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
    var buffer = new byte[4096];
    while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } received)
    {
        await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
    }

    await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
});
await app.RunAsync();
sigterm?.Dispose();
return 0;

static async Task<bool> AnswersAsync(string address)
{
    using var client = new HttpClient();
    try
    {
        return (await client.GetAsync(new Uri($"{address}/health/ready"))).IsSuccessStatusCode;
    }
    catch (HttpRequestException)
    {
        return false;
    }
}

internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
