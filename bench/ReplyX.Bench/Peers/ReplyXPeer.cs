using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using ReplyX.Bench.Load;
using ReplyX.Bench.Processes;
using ReplyX.Testing;

namespace ReplyX.Bench.Peers;

/// <summary>ReplyX as it is deployed: Realtime, Api and a Redis that syncs every append to disk.</summary>
/// <param name="sendsOverHttp">Whether messages are posted to the Api, or sent over the sockets.</param>
/// <param name="nodes">How many Realtime there are; a room's sockets are on all of them.</param>
/// <param name="more">Settings of the services that are measured, beyond or in place of the usual ones.</param>
internal sealed class ReplyXPeer(bool sendsOverHttp, int nodes = 1, IReadOnlyDictionary<string, string>? more = null) : Peer
{
    public const string RealtimeProcess = "realtime";
    public const string ApiProcess = "api";
    public const string RedisProcess = "redis";

    private const int DialogsAtOnce = 32;

    public override string Name => nodes > 1 ? string.Create(CultureInfo.InvariantCulture, $"replyx-{nodes}") : sendsOverHttp ? "replyx" : "replyx-socket";

    public override string Title => nodes > 1 ? string.Create(CultureInfo.InvariantCulture, $"ReplyX, {nodes} nodes") : sendsOverHttp ? "ReplyX" : "ReplyX, sent over the socket";

    public override string Description => nodes > 1
        ? "the same, with so many Realtime, each room's sockets spread over all of them"
        : sendsOverHttp
        ? "Release, `Production`, one Realtime, one Api, `redis-server --appendonly yes --appendfsync always`; log, resume and metrics on; a message is `POST …/messages`, over keep-alive connections of its dialog's own"
        : "the same, but a message is a frame on a socket of its dialog, answered by `ack`";

    public override bool IsReplyX => true;

    public override bool IsVariant => !sendsOverHttp || nodes > 1;

    public override string? Missing => MissingTool("redis-server");

    protected override async Task StartAsync(RunningPeer running, CancellationToken cancel)
    {
        var redis = await RedisServer.StartAsync(RedisKind.Redis);
        running.Add(redis);
        var apiPort = FreePort.Next();
        int[] ports = [.. Enumerable.Range(0, nodes).Select(_ => FreePort.Next())];
        var settings = Settings(redis, ports[0]);
        await SeedAsync(settings, apiPort, cancel);
        foreach (var (key, value) in more ?? new Dictionary<string, string>())
        {
            settings[key] = value;
        }

        foreach (var port in ports)
        {
            var realtime = BuiltServers.Start(BuiltServers.Realtime, port, settings);
            running.Add(await ServerProcess.StartAsync(RealtimeProcess, realtime, At(port, "/health/ready"), wantsSuccess: true, cancel));
        }

        var api = BuiltServers.Start(BuiltServers.Api, apiPort, settings);
        running.Add(await ServerProcess.StartAsync(ApiProcess, api, At(apiPort, "/health/ready"), wantsSuccess: true, cancel));
        running.Services.AddRange([.. ports.Select(port => At(port, "")), At(apiPort, "")]);
        running.Protocol = new ReplyXProtocol(ports, apiPort, sendsOverHttp);
        running.MakeRoomsAsync = (count, stop) => StartDialogsAsync(apiPort, count, stop);
    }

    /// <summary>Limits that count by address or principal are raised: here all clients are on one machine, and a room's are one guest.</summary>
    private static Dictionary<string, string> Settings(RedisServer redis, int realtimePort)
    {
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ConnectionStrings__redis"] = redis.ConnectionString,
            ["Tokens__SigningKey"] = Secret(),
            ["Metrics__Token"] = Secret(),
            ["Origins__ChatHosts__0"] = "https://chat.example.com",
            ["Realtime__PublicUrl"] = At(realtimePort, "").ToString(),
            ["Connections__AddressShare"] = "1",
        };
        foreach (var limit in (ReadOnlySpan<string>)["ConnectsPerSecond", "ConnectBurst", "SocketsPerPrincipal", "SocketsPerDialog", "SocketsPerAddress", "SocketsPerPool", "SocketsPerNode", "FramesPerSecond", "FrameBurst"])
        {
            settings[$"Limits__{limit}"] = "100000";
        }

        // The default keeps a tenth for operators, and all who come here are visitors.
        settings["Limits__OperatorReserve"] = "0";
        foreach (var limit in (ReadOnlySpan<string>)["Guest", "Address", "NewGuests"])
        {
            settings[$"Limits__{limit}__Burst"] = "1000000";
            settings[$"Limits__{limit}__PerMinute"] = "60000000";
        }

        return settings;
    }

    /// <summary>The demo account, with the assistant that visitors write to, is made by an Api in development alone.</summary>
    private static async Task SeedAsync(Dictionary<string, string> settings, int port, CancellationToken cancel)
    {
        var development = new Dictionary<string, string>(settings)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Demo__OperatorPassword"] = Secret(),
        };
        var start = BuiltServers.Start(BuiltServers.Api, port, development);
        await using var seeding = await ServerProcess.StartAsync("api, seeding", start, At(port, "/health/ready"), wantsSuccess: true, cancel);
    }

    private static async Task<IReadOnlyList<Room>> StartDialogsAsync(int port, int count, CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = At(port, "") };
        var rooms = new ConcurrentBag<Room>();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = DialogsAtOnce, CancellationToken = cancel }, async (_, stop) =>
        {
            using var answer = await http.PostAsJsonAsync("/api/widget/dialogs", new { assistant_id = "demo" }, stop);
            answer.EnsureSuccessStatusCode();
            var dialog = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
            rooms.Add(new Room(dialog.GetProperty("id").GetInt64().ToString(CultureInfo.InvariantCulture))
            {
                Token = dialog.GetProperty("token").GetString(),
                Cursor = dialog.GetProperty("cursor").GetString(),
            });
        });
        return [.. rooms];
    }

    private static Uri At(int port, string path) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}{path}"));

    private static string Secret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
