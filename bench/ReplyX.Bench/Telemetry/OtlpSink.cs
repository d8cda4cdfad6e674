using System.Globalization;
using System.Net;
using ReplyX.Testing;

namespace ReplyX.Bench.Telemetry;

/// <summary>A collector that answers every OTLP request over HTTP with 200, counts what it holds and forgets it.</summary>
internal sealed class OtlpSink : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;
    private ExportedItems _taken = new(0, 0, 0);

    public OtlpSink()
    {
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}/"));
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public Uri Address { get; }

    /// <summary>All that came up to now.</summary>
    public ExportedItems Taken => Volatile.Read(ref _taken);

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    // One request after the other: a service sends each signal's next batch when the last one was answered.
    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                await TakeAsync(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
            {
                // A service that stopped amid a request, or this was closed.
            }
        }
    }

    private async Task TakeAsync(HttpListenerContext context)
    {
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        var signal = context.Request.Url!.AbsolutePath;
        var items = OtlpItems.Count(body.GetBuffer().AsSpan(0, (int)body.Length));
        Volatile.Write(ref _taken, new ExportedItems(
            _taken.Spans + (signal == "/v1/traces" ? items : 0),
            _taken.Logs + (signal == "/v1/logs" ? items : 0),
            _taken.Bytes + body.Length));
        context.Response.ContentType = "application/x-protobuf";
        context.Response.Close();
    }
}
