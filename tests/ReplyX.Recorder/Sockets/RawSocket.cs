using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using ReplyX.Client;

namespace ReplyX.Recorder.Sockets;

/// <summary>
/// A socket without the client library: it writes down what the wire says, drops nothing and puts nothing right, and resumes from the
/// last event it got.
/// </summary>
internal sealed class RawSocket(
    string name, long? dialogId, Uri url, EventCursor? start, TokenProvider tokens, IDialogHistory? history, Random random, TimeProvider time,
    ReaderPause? pause = null)
    : IRecordedSocket
{
    private const int HistoryPage = 200;

    /// <summary>What a reader that stops lets the system take for it: much less than it is sent, and several segments of the loopback.</summary>
    private const int SmallReceiveBuffer = 512 * 1024;

    private static readonly TimeSpan _pingEvery = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan _connectLimit = TimeSpan.FromSeconds(15);
    private static readonly int[] _finalCodes = [1000, 4002, 4003, 4004];

    private readonly CancellationTokenSource _stopped = new();
    private readonly TaskCompletionSource _firstGreeting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _buffer = new byte[256 * 1024];
    private EventCursor? _cursor = start;
    private long _begin;
    private int _events;
    private bool _hasPaused;
    private TokenNeed _need = TokenNeed.First;
    private TimeSpan _hint;
    private Task _running = Task.CompletedTask;

    public string Name => name;

    public long? DialogId => dialogId;

    public Timeline Timeline { get; } = new(time);

    public ConnectionStatistics Repairs => default;

    public string? End { get; private set; }

    public Task StartAsync()
    {
        _running = RunAsync();
        return Task.WhenAny(_firstGreeting.Task, _running);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await _running;
        _stopped.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        while (!_stopped.IsCancellationRequested && End is null)
        {
            _hint = TimeSpan.Zero;
            using var socket = new ClientWebSocket();
            try
            {
                await OpenAsync(socket);
                await ReadAsync(socket);
                var code = (int?)socket.CloseStatus;
                Timeline.Lost(code, null, "closed");
                _need = code == 4001 ? TokenNeed.Expired : TokenNeed.First;
                End = code is { } final && _finalCodes.Contains(final) ? $"closed with {final}: {socket.CloseStatusDescription}" : null;
            }
            catch (Exception) when (_stopped.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException or ReplyXApiException)
            {
                var status = socket.HttpStatusCode is 0 or System.Net.HttpStatusCode.SwitchingProtocols ? (int?)null : (int)socket.HttpStatusCode;
                Timeline.Lost(null, status, e is ReplyXApiException ? "no token or history" : e.Message);
                _need = status == 401 ? TokenNeed.Expired : TokenNeed.First;
                End = status is 403 or 404 or 400 or 426 ? $"refused with {status}" : null;
            }
            catch (Exception e)
            {
                End = e.ToString(); // A frame that cannot be read is a finding, not a reason to stop all.
                return;
            }

            try
            {
                var own = TimeSpan.FromMilliseconds(random.Next(100, 1000));
                await Task.Delay(own > _hint ? own : _hint, time, _stopped.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task OpenAsync(ClientWebSocket socket)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token);
        limit.CancelAfter(_connectLimit);
        var token = await tokens(_need, limit.Token) ?? throw new InvalidOperationException("there is no token any more");
        socket.Options.AddSubProtocol("replyx.v1");
        socket.Options.AddSubProtocol("replyx.token." + token);
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        var address = _hasPaused ? pause!.Elsewhere : url;
        if (_cursor is { } cursor)
        {
            address = new UriBuilder(address) { Query = $"cursor={cursor}" }.Uri;
        }

        if (pause is null)
        {
            await socket.ConnectAsync(address, limit.Token);
            return;
        }

        using var handler = new SocketsHttpHandler { ConnectCallback = ConnectAsync };
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        await socket.ConnectAsync(address, invoker, limit.Token);
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var connection = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = SmallReceiveBuffer };
        try
        {
            await connection.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private async Task ReadAsync(ClientWebSocket socket)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token);
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token);
        var pinging = PingAsync(socket, life.Token);
        try
        {
            while (true)
            {
                silence.CancelAfter(_silence);
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(_buffer.AsMemory(length), silence.Token);
                    length += part.Count;
                }
                while (!part.EndOfMessage);

                if (part.MessageType == WebSocketMessageType.Close)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, silence.Token);
                    return;
                }

                await TakeAsync(_buffer.AsMemory(0, length));
                if (pause is not null && !_hasPaused && _events >= pause.After)
                {
                    _hasPaused = true;
                    await Task.Delay(pause.Length, time, _stopped.Token);
                }
            }
        }
        finally
        {
            await life.CancelAsync();
            await pinging;
        }
    }

    private async Task PingAsync(ClientWebSocket socket, CancellationToken alive)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_pingEvery, time, alive);
                await socket.SendAsync("__ping__"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, alive);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The reader sees the end.
        }
    }

    private async Task TakeAsync(ReadOnlyMemory<byte> frame)
    {
        if (frame.Span.SequenceEqual("__pong__"u8))
        {
            return;
        }

        using var json = JsonDocument.Parse(frame);
        var root = json.RootElement;
        switch (root.GetProperty("type").GetString())
        {
            case "connected":
                await GreetAsync(EventCursor.Parse(Text(root, "cursor")!), root.GetProperty("recovered").GetBoolean(), Text(root, "node"));
                break;
            case "reconnect":
                _hint = TimeSpan.FromMilliseconds(root.GetProperty("delay_ms").GetDouble());
                break;
            case var type when root.TryGetProperty("cursor", out var cursor) && type != "ack":
                var received = ReceivedOf(type, EventCursor.Parse(cursor.GetString()!), root);
                _cursor = received.Position;
                _events++;
                Timeline.Event(received, root.GetProperty("timestamp").GetDateTimeOffset(), fromHistory: false);
                break;
        }
    }

    private async Task GreetAsync(EventCursor position, bool recovered, string? node)
    {
        Timeline.Connected(position, recovered, node);
        if (!recovered && _cursor is { } last && history is not null)
        {
            if (await IsReplacedAsync(last, position))
            {
                // What is lost goes from the end, so that what it had a while ago is the same.
                last = new EventCursor(Math.Max(_begin, Math.Min(last.Seq, position.Seq) - HistoryPage), "0");
            }

            while (last.Seq < position.Seq)
            {
                var page = (await history.ReadAfterAsync(last.Seq, HistoryPage, _stopped.Token)).Require();
                foreach (var missed in page.Items.Where(item => item.Seq > last.Seq && item.Seq <= position.Seq))
                {
                    var received = ReceivedEvent.Of(missed);
                    Timeline.Event(received with { DialogId = received.DialogId ?? dialogId }, null, fromHistory: true);
                    _cursor = last = received.Position;
                }

                if (page.Items.Count == 0)
                {
                    break;
                }
            }
        }

        _cursor = recovered || _cursor is null ? position : _cursor;
        if (_firstGreeting.TrySetResult())
        {
            _begin = position.Seq;
        }
    }

    private async Task<bool> IsReplacedAsync(EventCursor last, EventCursor position) =>
        position.Seq < last.Seq
        || (last.Seq > 0
            && (await history!.ReadAfterAsync(last.Seq - 1, 1, _stopped.Token)).Require() is { Reset: false, Items: [{ Cursor: { } held }, ..] }
            && held.Seq == last.Seq
            && held != last);

    private static ReceivedEvent ReceivedOf(string? type, EventCursor position, JsonElement root)
    {
        var isListed = type is "dialog_new" or "dialog_update";
        return new ReceivedEvent
        {
            Position = position,
            DialogId = root.GetProperty("dialog_id").GetInt64(),
            EventSeq = isListed ? root.GetProperty("last_seq").GetInt64() : position.Seq,
            Content = ContentOf(type, root),
            IsNew = isListed ? type == "dialog_new" : null,
        };
    }

    private static string? ContentOf(string? type, JsonElement root) => type switch
    {
        "message" => EventContent.Message(Text(root, "sender"), Text(root, "text")),
        "dialog_new" or "dialog_update" => EventContent.Listed(Text(root, "event"), Text(root, "sender"), Text(root, "preview")),
        not null when type.StartsWith("handoff_", StringComparison.Ordinal) => EventContent.Handoff(Text(root, "handoff")),
        _ => type,
    };

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;
}
