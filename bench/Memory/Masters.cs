using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReplyX.Messaging;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Projection;
using StackExchange.Redis;

namespace ReplyX.Bench.Memory;

/// <summary>
/// One account's appends on a Redis Cluster of one master and on one of three, in turn. Each master may use the same part of a processor,
/// so that what grows is what is spread, and not what this machine has.
/// </summary>
internal static class Masters
{
    private const int Dialogs = 600;
    private const int AtOnce = 256;
    private const int Rounds = 5;
    private const int Slots = 16_384;

    // Three of them and the client fit on two processors.
    private const double Share = 0.12;

    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _round = TimeSpan.FromSeconds(6);
    private static readonly string _text = new('x', 200);

    public static async Task RunAsync()
    {
        foreach (var projects in (bool[])[false, true])
        {
            Console.WriteLine(projects ? "with what the projector writes to the account's own slot" : "appends alone");
            await using var one = await Side.StartAsync(1, projects);
            await using var three = await Side.StartAsync(3, projects);
            foreach (var side in (Side[])[one, three])
            {
                await side.MeasureAsync(_warmUp);
            }

            List<double> ratios = [];
            for (var round = 1; round <= Rounds; round++)
            {
                var (single, spread) = (await one.MeasureAsync(_round), await three.MeasureAsync(_round));
                ratios.Add(spread.PerSecond / single.PerSecond);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"[{round}/{Rounds}] one master {single.PerSecond:N0} appends a second, three {spread.PerSecond:N0}: {ratios[^1]:0.00} times; masters' use of a processor {Percent(single.Used)}; {Percent(spread.Used)}"));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median {ratios.Order().ElementAt(Rounds / 2):0.00} times\n"));
        }
    }

    private static string Percent(double[] used) => string.Join(", ", used.Select(each => string.Create(CultureInfo.InvariantCulture, $"{100 * each:0.0} %")));

    private sealed class Side : IAsyncDisposable
    {
        private readonly List<RedisProcess> _servers = [];
        private readonly List<CpuShare> _shares = [];
        private readonly List<Dialog> _dialogs = [];
        private ConnectionMultiplexer _connection = null!;
        private IHost _host = null!;
        private DialogLog _log = null!;
        private int _number;

        public static async Task<Side> StartAsync(int masters, bool projects)
        {
            var side = new Side();
            await side.StartServersAsync(masters);
            var options = ConfigurationOptions.Parse(string.Join(',', side._servers.Select(server => $"127.0.0.1:{server.Port}")) + ",syncTimeout=60000,asyncTimeout=60000");
            options.ConfigureForMessaging();
            side._connection = await ConnectionMultiplexer.ConnectAsync(options);
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Configuration["Tokens:SigningKey"] = "only because messaging asks for one";
            builder.Configuration["Messaging:SpreadDialogs"] = "true";
            builder.Configuration["Archive:WindowEvents"] = "1000000";
            builder.Configuration["Archive:MaxLogEvents"] = "10000000";
            builder.Services.AddSingleton<IConnectionMultiplexer>(side._connection).AddSingleton(options);
            builder.AddMessaging();
            side._host = builder.Build();
            side._log = side._host.Services.GetRequiredService<DialogLog>();
            if (projects)
            {
                foreach (var worker in side._host.Services.GetServices<IHostedService>().Where(service => service is ProjectionWorker or ProjectionSweeper))
                {
                    await worker.StartAsync(default);
                }
            }

            var site = new Site("acme", "shop", "Shop", "assistant", "Welcome!", [], DirectClient: false, TokenVersion: 1);
            var directory = side._host.Services.GetRequiredService<DialogDirectory>();
            for (var i = 0; i < Dialogs; i++)
            {
                side._dialogs.Add((await directory.OpenAsync(site, DialogMode.Widget, Guid.NewGuid().ToString("N"), default)).Dialog);
            }

            side._shares.AddRange(side._servers.Select(server => new CpuShare(server.ProcessId, Share)));
            return side;
        }

        public async Task<(double PerSecond, double[] Used)> MeasureAsync(TimeSpan length)
        {
            var before = _servers.ConvertAll(server => server.Cpu);
            var began = Stopwatch.GetTimestamp();
            var done = 0;
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
            {
                while (Stopwatch.GetElapsedTime(began) < length)
                {
                    var number = Interlocked.Increment(ref _number);
                    var dialog = _dialogs[number % Dialogs];
                    IdempotencyKey.TryCreate(Principals.Guest(dialog.GuestId), $"{number:x32}", out var key);
                    await _log.AppendMessageAsync(dialog.Key, dialog.Owner, new NewMessage(key, Sender.User, _text), default);
                    Interlocked.Increment(ref done);
                }
            }));
            var elapsed = Stopwatch.GetElapsedTime(began);
            return (done / elapsed.TotalSeconds, [.. _servers.Zip(before, (server, cpu) => (server.Cpu - cpu) / elapsed)]);
        }

        public async ValueTask DisposeAsync()
        {
            _shares.ForEach(share => share.Dispose());
            _host?.Dispose();
            await _connection.DisposeAsync();
            _servers.ForEach(server => server.Dispose());
        }

        // As durable as in production. Without replicas: what they take is theirs.
        private async Task StartServersAsync(int masters)
        {
            for (var i = 0; i < masters; i++)
            {
                _servers.Add(await RedisProcess.StartAsync(
                    "--appendonly", "yes", "--appendfsync", "always", "--cluster-enabled", "yes", "--cluster-port", RedisProcess.FreePort().ToString(CultureInfo.InvariantCulture)));
            }

            foreach (var (server, i) in _servers.Select((server, i) => (server, i)))
            {
                await using var client = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port},allowAdmin=true");
                var database = client.GetServer("127.0.0.1", server.Port);
                await database.ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", i * Slots / masters, ((i + 1) * Slots / masters) - 1);
                await database.ExecuteAsync("CLUSTER", "SET-CONFIG-EPOCH", i + 1);
                if (i > 0)
                {
                    await database.ExecuteAsync("CLUSTER", "MEET", "127.0.0.1", _servers[0].Port, _servers[0].ClusterPort);
                }
            }

            foreach (var server in _servers)
            {
                await using var client = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port},allowAdmin=true");
                while (!((string)(await client.GetServer("127.0.0.1", server.Port).ExecuteAsync("CLUSTER", "INFO"))!).Contains($"cluster_state:ok", StringComparison.Ordinal)
                    || ((string)(await client.GetServer("127.0.0.1", server.Port).ExecuteAsync("CLUSTER", "NODES"))!).Trim().Split('\n').Length < masters)
                {
                    await Task.Delay(50);
                }
            }
        }
    }
}
