using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using ReplyX.Client;
using ReplyX.Recorder.Sockets;
using ReplyX.Testing;

namespace ReplyX.Recorder.Tests;

/// <summary>The reader that stops, against a server that sends what it is told.</summary>
public sealed class RawSocketTests
{
    private const int Events = 60;
    private const int StopAfter = 5;

    private static readonly string _text = new('x', 200_000);

    [Fact]
    public async Task A_reader_that_stops_takes_nothing_and_goes_on_after_a_while()
    {
        using var server = Listen();
        await using var socket = Reader(server, server, TimeSpan.FromSeconds(2));
        var starting = socket.StartAsync();
        using var connection = (await AcceptAsync(server)).WebSocket;

        var sending = SendAsync(connection, from: 1);
        await starting.Within("the greeting");
        await Task.Delay(TimeSpan.FromSeconds(1), TestTimeout.Token());
        Assert.Equal(StopAfter, socket.Timeline.LastSeq);
        Assert.False(sending.IsCompleted, "the system took all of it: too little is sent to tell a reader that stopped");

        await UntilAsync(socket, Events);
        await sending.Within("the server to have sent all");
        Assert.DoesNotContain(socket.Timeline.Entries, entry => entry.Kind == EntryKind.Lost);
    }

    [Fact]
    public async Task One_that_is_closed_meanwhile_resumes_elsewhere_from_the_last_event_it_read()
    {
        using var here = Listen();
        using var there = Listen();
        await using var socket = Reader(here, there, TimeSpan.FromSeconds(1));
        var starting = socket.StartAsync();
        var first = (await AcceptAsync(here)).WebSocket;
        var sending = SendAsync(first, from: 1);
        await starting.Within("the greeting");
        await Task.Delay(TimeSpan.FromMilliseconds(300), TestTimeout.Token());
        first.Dispose();
        here.Abort();
        await Assert.ThrowsAnyAsync<Exception>(() => sending.Within("the server's sending to end"));

        var second = await AcceptAsync(there);
        var last = socket.Timeline.LastSeq;
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"?cursor={last}-n{last}"), second.RequestUri.Query);
        await SendAsync(second.WebSocket, from: last + 1);
        await UntilAsync(socket, Events);

        var seen = socket.Timeline.Entries.Where(entry => entry.Kind == EntryKind.Event).Select(entry => entry.Cursor.Seq);
        Assert.Equal(Enumerable.Range(1, Events).Select(i => (long)i), seen);
        Assert.Contains(socket.Timeline.Entries, entry => entry.Kind == EntryKind.Lost);
    }

    private static HttpListener Listen()
    {
        var listener = new HttpListener();
        listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}/"));
        listener.Start();
        return listener;
    }

    private static Uri UrlOf(HttpListener listener) => new UriBuilder(listener.Prefixes.Single()) { Scheme = "ws" }.Uri;

    private static RawSocket Reader(HttpListener here, HttpListener there, TimeSpan pause) => new(
        "reader", 7, UrlOf(here), EventCursor.Start, (_, _) => new("token"), null, new Random(1), TimeProvider.System,
        new ReaderPause(StopAfter, pause, UrlOf(there)));

    private static async Task<HttpListenerWebSocketContext> AcceptAsync(HttpListener listener)
        => await (await listener.GetContextAsync().Within("a connection")).AcceptWebSocketAsync("replyx.v1");

    private static async Task SendAsync(WebSocket connection, long from)
    {
        await SayAsync($$"""{"type":"connected","cursor":"{{from - 1}}-n{{from - 1}}","recovered":true,"node":"n"}""");
        for (var seq = from; seq <= Events; seq++)
        {
            await SayAsync(
                $$"""{"type":"message","dialog_id":7,"cursor":"{{seq}}-n{{seq}}","sender":"user","text":"{{_text}}","timestamp":"2026-01-01T00:00:00.000Z"}""");
        }

        Task SayAsync(string frame) => connection.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, TestTimeout.Token());
    }

    private static async Task UntilAsync(RawSocket socket, long seq)
    {
        while (socket.Timeline.LastSeq < seq)
        {
            await Task.Delay(20, TestTimeout.Token());
        }
    }
}
