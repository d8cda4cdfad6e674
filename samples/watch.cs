// Opens a socket and prints what it is sent, each frame with the seconds since the start:
//   dotnet run samples/watch.cs -- "$URL" "$TOKEN"
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;

if (args is not [var text, var token] || !Uri.TryCreate(text, UriKind.Absolute, out var url))
{
    Console.Error.WriteLine("dotnet run samples/watch.cs -- URL TOKEN");
    return 64;
}

using var socket = new ClientWebSocket();
socket.Options.AddSubProtocol("replyx.v1");
socket.Options.AddSubProtocol($"replyx.token.{token}");
var clock = Stopwatch.StartNew();
try
{
    await socket.ConnectAsync(url, CancellationToken.None);
}
catch (WebSocketException exception)
{
    Print($"not opened: {exception.Message}");
    return 1;
}

using var heartbeat = new Timer(
    _ => _ = socket.SendAsync("__ping__"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None),
    state: null,
    dueTime: TimeSpan.FromSeconds(20),
    period: TimeSpan.FromSeconds(20));

var frame = new MemoryStream();
var buffer = new byte[16 * 1024];
try
{
    while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: WebSocketMessageType.Text } part)
    {
        frame.Write(buffer, 0, part.Count);
        if (part.EndOfMessage)
        {
            Print(Encoding.UTF8.GetString(frame.ToArray()));
            frame.SetLength(0);
        }
    }

    Print($"closed with {(int)socket.CloseStatus!}: {socket.CloseStatusDescription}");
}
catch (WebSocketException)
{
    Print("the connection broke, without a close code (1006)");
}

return 0;

void Print(string line) => Console.WriteLine($"{clock.Elapsed.TotalSeconds,5:0.0}  {line}");
