using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReplyX.Messaging;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Projection;
using StackExchange.Redis;

namespace ReplyX.Bench.Memory;

/// <summary>
/// What an append costs Redis, in µs of its CPU: a bare <c>MULTI RPUSH HSET PUBLISH EXEC</c> of the same bytes, an append to a dialog
/// that is not spread, one to a spread dialog, and that with what the projector does for it. Each has a redis-server of its own, with the
/// append-only file as in production; they are loaded in turn, in blocks.
/// </summary>
internal static class AppendCosts
{
    private const int Dialogs = 200;
    private const int AtOnce = 64;
    private const int Blocks = 6;
    private const int BlockAppends = 10_000;

    private static readonly string _text = new('x', 200);

    private delegate Task AppendOne(int dialog, int number);

    public static async Task RunAsync()
    {
        await using var bare = await BareAsync();
        await using var account = await MessagingAsync("in its account", isSpread: false, projects: false);
        await using var spread = await MessagingAsync("spread", isSpread: true, projects: false);
        await using var projected = await MessagingAsync("spread, with the projector", isSpread: true, projects: true);
        Side[] sides = [bare, account, spread, projected];
        foreach (var side in sides)
        {
            await side.LoadAsync(BlockAppends);
        }

        for (var block = 1; block <= Blocks; block++)
        {
            foreach (var side in sides)
            {
                await side.MeasureAsync(BlockAppends);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{block}/{Blocks}] {string.Join(", ", sides.Select(side => $"{side.Name} {side.Last:0.0} µs"))}"));
        }

        Console.WriteLine($"\n{Blocks} blocks of {BlockAppends:N0} appends each, {AtOnce} at once, {Dialogs} dialogs, texts of {_text.Length} bytes: medians");
        foreach (var side in sides)
        {
            Console.WriteLine($"{side.Name,-28} {side.Median,6:0.0} µs   {side.Median / bare.Median,5:0.00} of bare");
        }
    }

    private static async Task<Side> BareAsync()
    {
        var (redis, connection) = await StartAsync();
        var database = connection.GetDatabase();
        var tail = Encoding.UTF8.GetBytes($"{{\"type\":\"message\",\"dialog_id\":6083888128644823,\"id\":1000,\"seq\":1000,\"cursor\":\"1000-deadbeef\",\"sender\":\"user\",\"text\":\"{_text}\",\"client_id\":\"0123456789abcdef0123456789abcdef\",\"timestamp\":\"2026-01-01T00:00:00.000Z\"}}");
        return new Side("bare", redis, connection, null, (dialog, number) =>
        {
            byte[] entry = [.. Encoding.ASCII.GetBytes($"{number} deadbeef 1767225600000 g.{dialog:x32}:{number:x32}\n"), .. tail];
            var transaction = database.CreateTransaction();
            _ = transaction.ListRightPushAsync($"{{d{dialog}}}:log", entry);
            _ = transaction.HashSetAsync($"{{d{dialog}}}:keys", $"g.{dialog:x32}:{number:x32}", $"{number} 0123456789abcdef0123456789abcdef");
            _ = transaction.PublishAsync(RedisChannel.Literal($"{{d{dialog}}}"), entry);
            return transaction.ExecuteAsync();
        });
    }

    private static async Task<Side> MessagingAsync(string name, bool isSpread, bool projects)
    {
        var (redis, connection) = await StartAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["Tokens:SigningKey"] = "only because messaging asks for one";
        builder.Configuration["Messaging:SpreadDialogs"] = isSpread ? "true" : "false";
        builder.Configuration["Messaging:DeployOverlap"] = "00:00:00";
        builder.Configuration["Archive:WindowEvents"] = "1000000";
        builder.Configuration["Archive:MaxLogEvents"] = "10000000";
        builder.Services.AddSingleton<IConnectionMultiplexer>(connection).AddSingleton(ConfigurationOptions.Parse(connection.Configuration));
        builder.AddMessaging();
        var host = builder.Build();
        if (projects)
        {
            await host.Services.GetServices<IHostedService>().OfType<ProjectionWorker>().Single().StartAsync(default);
        }

        var site = new Site("acme", "shop", "Shop", "assistant", "Welcome!", [], DirectClient: false, TokenVersion: 1);
        var directory = host.Services.GetRequiredService<DialogDirectory>();
        var log = host.Services.GetRequiredService<DialogLog>();
        List<Dialog> dialogs = [];
        for (var i = 0; i < Dialogs; i++)
        {
            dialogs.Add((await directory.OpenAsync(site, DialogMode.Widget, Guid.NewGuid().ToString("N"), default)).Dialog);
        }

        return new Side(name, redis, connection, host, async (at, number) =>
        {
            var dialog = dialogs[at];
            IdempotencyKey.TryCreate(Principals.Guest(dialog.GuestId), $"{number:x32}", out var key);
            var result = await log.AppendMessageAsync(dialog.Key, dialog.Owner, new NewMessage(key, Sender.User, _text), default);
            if (result.Outcome != AppendOutcome.Appended)
            {
                throw new InvalidOperationException($"{name}: {result.Outcome}");
            }
        });
    }

    private static async Task<(RedisProcess Redis, ConnectionMultiplexer Connection)> StartAsync()
    {
        var redis = await RedisProcess.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        var options = ConfigurationOptions.Parse($"127.0.0.1:{redis.Port},syncTimeout=60000,asyncTimeout=60000");
        options.ConfigureForMessaging();
        return (redis, await ConnectionMultiplexer.ConnectAsync(options));
    }

    private sealed class Side(string name, RedisProcess redis, ConnectionMultiplexer connection, IHost? host, AppendOne append) : IAsyncDisposable
    {
        private readonly List<double> _costs = [];
        private int _number;

        public string Name => name;

        public double Last => _costs[^1];

        public double Median => _costs.Order().ElementAt(_costs.Count / 2);

        public async Task LoadAsync(int appends)
        {
            var from = _number;
            _number += appends;
            await Parallel.ForAsync(from, from + appends, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) => await append(number % Dialogs, number));

            // What the projector is behind is still its append's.
            while (host is not null && connection.GetServers()[0].Keys(pattern: "*:outbox").Any() && host.Services.GetServices<IHostedService>().OfType<ProjectionWorker>().Single().ExecuteTask is not null)
            {
                await Task.Delay(10);
            }
        }

        public async Task MeasureAsync(int appends)
        {
            var before = redis.Cpu;
            await LoadAsync(appends);
            _costs.Add((redis.Cpu - before).TotalMicroseconds / appends);
        }

        public async ValueTask DisposeAsync()
        {
            host?.Dispose();
            await connection.DisposeAsync();
            redis.Dispose();
        }
    }
}
