using System.Net;
using System.Net.Sockets;
using System.Text;
using ReplyX.Recorder.Sockets;
using ReplyX.Testing;

namespace ReplyX.Recorder.Tests;

/// <summary>What a server sees of clients that give up.</summary>
public sealed class AbortedConnectTests
{
    private const string Answer = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
    private const string Greeting = "{\"type\":\"connected\"}";

    public static TheoryData<string, bool> Ways
    {
        get
        {
            var ways = new TheoryData<string, bool>();
            foreach (var step in Enum.GetNames<ConnectStep>())
            {
                ways.Add(step, false);
                ways.Add(step, true);
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task It_comes_as_far_as_its_step_and_ends_as_it_should(string name, bool byReset)
    {
        var step = Enum.Parse<ConnectStep>(name);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = new Uri($"ws://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/ws/widget/dialogs/7?cursor=1-a");

        var running = new AbortedConnect(step, byReset).RunAsync(url, "secret", new Random(1), TimeSpan.FromMilliseconds(100), TestTimeout.Default);
        var (heard, wasReset) = await ServeAsync(await listener.AcceptSocketAsync(TestTimeout.Token()));
        await running.Within("the client to give up");

        Assert.Equal(byReset, wasReset);
        Assert.Equal(step >= ConnectStep.WholeHead, heard.EndsWith("\r\n\r\n", StringComparison.Ordinal));
        Assert.Equal(step >= ConnectStep.PartOfHead, heard.Length > 0);
        if (step >= ConnectStep.WholeHead)
        {
            Assert.StartsWith("GET /ws/widget/dialogs/7?cursor=1-a HTTP/1.1\r\n", heard, StringComparison.Ordinal);
            Assert.Contains("replyx.token.secret", heard, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_an_answer_it_gives_up_when_its_patience_ends()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = new Uri($"ws://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

        await new AbortedConnect(ConnectStep.Greeted, ByReset: true)
            .RunAsync(url, "secret", new Random(1), TimeSpan.Zero, patience: TimeSpan.FromMilliseconds(200)).Within("the client to give up");
    }

    /// <summary>Answers once the whole head is here, and greets; reads to the end, and closes.</summary>
    private static async Task<(string Heard, bool WasReset)> ServeAsync(Socket server)
    {
        var heard = new StringBuilder();
        var buffer = new byte[4096];
        using var closing = server;
        try
        {
            while (await server.ReceiveAsync(buffer, TestTimeout.Token()) is > 0 and var read)
            {
                heard.Append(Encoding.ASCII.GetString(buffer, 0, read));
                if (heard.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
                {
                    await server.SendAsync(Encoding.ASCII.GetBytes(Answer), TestTimeout.Token());
                    await Task.Delay(20, TestTimeout.Token());
                    await server.SendAsync(Encoding.ASCII.GetBytes(Greeting), TestTimeout.Token());
                }
            }

            return (heard.ToString(), false);
        }
        catch (SocketException)
        {
            return (heard.ToString(), true);
        }
    }
}
