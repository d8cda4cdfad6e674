using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ReplyX.Bench.Peers;
using ReplyX.Bench.Processes;
using ReplyX.Testing;

namespace ReplyX.Bench.Scale;

/// <summary>What Redis spends on two steps that no scenario shows alone: one more subscriber to a publish, and the look at a log's last event.</summary>
internal static class RedisCosts
{
    private const int Publishes = 20_000;
    private const int FewSubscribers = 1;
    private const int ManySubscribers = 17;
    private const int Rounds = 3;
    private const int Positions = 512 * 400;
    private const int PositionsAtOnce = 512;
    private const string Channel = "{demo}:dialog:6083888128644823";

    private static readonly string _event = new('x', 350);

    /// <summary>Measures both, in µs of Redis' CPU.</summary>
    public static async Task<(double Subscriber, double Position)> MeasureAsync()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        var process = new MeasuredProcess(ReplyXPeer.RedisProcess, redis.ProcessId);
        using var publisher = await ConnectAsync(redis);
        var subscribers = new List<TcpClient>();
        var (few, many) = (new List<double>(), new List<double>());
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                subscribers.Add(await SubscribeAsync(redis));
                few.Add(await CpuOfPublishesAsync(publisher, process));
                while (subscribers.Count < ManySubscribers)
                {
                    subscribers.Add(await SubscribeAsync(redis));
                }

                many.Add(await CpuOfPublishesAsync(publisher, process));
                subscribers.ForEach(subscriber => subscriber.Dispose());
                subscribers.Clear();
                await UntilNobodyHearsAsync(publisher);
            }
        }
        finally
        {
            subscribers.ForEach(subscriber => subscriber.Dispose());
        }

        await AskAsync(publisher, Command("RPUSH", "log", _event), 1);
        var before = process.CpuSeconds;
        for (var i = 0; i < Positions; i += PositionsAtOnce)
        {
            await AskAsync(publisher, string.Concat(Enumerable.Repeat(Command("LINDEX", "log", "-1"), PositionsAtOnce)), PositionsAtOnce);
        }

        return ((Median(many) - Median(few)) / (ManySubscribers - FewSubscribers), (process.CpuSeconds - before) * 1e6 / Positions);
    }

    // One after the other, as at a low rate: each subscriber gets each event in a write of its own.
    private static async Task<double> CpuOfPublishesAsync(TcpClient publisher, MeasuredProcess process)
    {
        var command = Command("PUBLISH", Channel, _event);
        var before = process.CpuSeconds;
        for (var i = 0; i < Publishes; i++)
        {
            await AskAsync(publisher, command, 1);
        }

        return (process.CpuSeconds - before) * 1e6 / Publishes;
    }

    private static async Task<TcpClient> SubscribeAsync(RedisServer redis)
    {
        var client = await ConnectAsync(redis);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Command("SUBSCRIBE", Channel)));
        var confirmation = new byte[256];
        _ = await client.GetStream().ReadAsync(confirmation);
        _ = client.GetStream().CopyToAsync(Stream.Null).ContinueWith(_ => { }, TaskScheduler.Default);
        return client;
    }

    private static async Task UntilNobodyHearsAsync(TcpClient publisher)
    {
        while (await AskAsync(publisher, Command("PUBLISH", Channel, "x"), 1) != ":0\r\n")
        {
        }
    }

    private static async Task<TcpClient> ConnectAsync(RedisServer redis)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, redis.Port);
        return client;
    }

    /// <summary>Sends commands and reads so many answers, each a line, or a line and a text.</summary>
    private static async Task<string> AskAsync(TcpClient client, string commands, int answers)
    {
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(commands));
        var lines = answers * (commands.Contains("LINDEX", StringComparison.Ordinal) ? 2 : 1);
        var buffer = new byte[64 * 1024];
        var read = 0;
        while (lines > 0)
        {
            read = await client.GetStream().ReadAsync(buffer);
            lines -= read > 0 ? buffer.AsSpan(0, read).Count((byte)'\n') : throw new IOException("Redis closed the connection");
        }

        return Encoding.ASCII.GetString(buffer, 0, read);
    }

    private static string Command(params ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"*{parts.Length}\r\n"));
        foreach (var part in parts)
        {
            text.Append(CultureInfo.InvariantCulture, $"${part.Length}\r\n{part}\r\n");
        }

        return text.ToString();
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
