using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ReplyX.Api.Tests.Messages;

/// <summary>What the process holds is only to be told while no other test runs in it.</summary>
[CollectionDefinition(nameof(SlowReaderTests), DisableParallelization = true)]
public sealed class SlowReaderAlone;

/// <summary>Readers who ask for the largest page and take nothing of it.</summary>
[Collection(nameof(SlowReaderTests))]
public sealed class SlowReaderTests(SharedServers servers) : ApiTest(servers)
{
    private const int Readers = 40;
    private const int Events = 200;

    // A page is bounded to 256 KiB, and the rest is room for what this process does besides. While a page was 200 events whatever
    // their length, and copied whole into its answer, a reader held 10.9 MB here.
    private const long MostPerReader = 1024 * 1024;

    [Fact]
    public async Task A_reader_who_takes_nothing_holds_no_more_than_about_a_page()
    {
        await using var api = await StartApiAsync();
        var dialog = await (await api.NewAccountAsync()).OpenWidgetAsync();
        for (var i = 0; i < Events; i++)
        {
            (await dialog.SendAsync(new string('я', 8_000), $"k{i}")).Is(System.Net.HttpStatusCode.Created);
        }

        await dialog.ReadAsync("?limit=200");
        var before = Held();

        foreach (var query in (string[])["?limit=200", "?after=0&limit=200", "?before=200&limit=200"])
        {
            List<Socket> readers = [];
            try
            {
                for (var i = 0; i < Readers; i++)
                {
                    readers.Add(await AskAsync(api, $"{dialog.Path}/messages{query}", dialog.Token));
                }

                // Each has its answer's first byte, so all pages have been read; what each socket takes by itself is little.
                Assert.InRange(Held() - before, long.MinValue, Readers * MostPerReader);
            }
            finally
            {
                readers.ForEach(reader => reader.Dispose());
            }
        }
    }

    private static long Held()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task<Socket> AskAsync(TestApi api, string path, string token)
    {
        // Before it connects: the kernel is to take as little of the answer off the service's hands as it may.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4 * 1024 };
        await socket.ConnectAsync(api.Root.Host, api.Root.Port, TestTimeout.Token());
        await socket.SendAsync(
            Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n")),
            TestTimeout.Token());
        await socket.ReceiveAsync(new byte[1], SocketFlags.Peek, TestTimeout.Token());
        return socket;
    }
}
