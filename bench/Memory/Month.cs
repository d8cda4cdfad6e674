using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReplyX.Messaging;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Dialogs;
using StackExchange.Redis;

namespace ReplyX.Bench.Memory;

/// <summary>
/// A month of a busy site on one Redis, by a clock that is set: new dialogs each day, most of them short; some that go on for days;
/// visitors who come back; and crawlers, which open dialogs and never write.
/// </summary>
internal sealed class Month(IReadOnlyList<string> texts, int dialogs, TimeSpan? idleAfter)
{
    public const int Days = 30;

    private const int HoursADay = 24;
    private const int HoursBetweenAgeing = 6;
    private const int AtOnce = 64;

    // Of a visitor's dialog. The mean of what follows the first two messages.
    private const double MeanLength = 5;

    // Each day, of the dialogs of before: who comes back, and how many go on all the time, with so many messages a day.
    private const double ComeBack = 0.005;
    private const int GoOn = 20;
    private const int MessagesADay = 200;
    private const int CrawlersADialog = 2;

    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Site _site = new("acme", "shop", "Shop", "assistant", "Welcome!", [], DirectClient: false, TokenVersion: 1);

    private readonly Random _random = new(1);
    private readonly List<Visited> _visited = [];
    private long _events;

    /// <summary>Runs it, and says how each day ended.</summary>
    public async Task<IReadOnlyList<MonthDay>> RunAsync(string archive)
    {
        using var server = await RedisProcess.StartAsync();
        var options = ConfigurationOptions.Parse($"127.0.0.1:{server.Port},syncTimeout=60000,asyncTimeout=60000,allowAdmin=true");
        await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
        var clock = new SimulatedClock(_start);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["Tokens:SigningKey"] = "only because messaging asks for one";
        builder.Configuration["Messaging:DeployOverlap"] = "00:00:00";
        builder.Configuration["Archive:Store"] = "Files";
        builder.Configuration["Archive:Directory"] = archive;
        builder.Configuration["Archive:IdleAfter"] = idleAfter?.ToString("c", CultureInfo.InvariantCulture) ?? "";
        builder.Services.AddSingleton<IConnectionMultiplexer>(connection).AddSingleton(options).AddSingleton<TimeProvider>(clock);
        builder.AddMessaging();

        // Not started: what it does at intervals is done at the end of each day.
        using var host = builder.Build();
        await host.Services.GetRequiredService<AccountDirectory>().SaveSiteAsync(_site, default);
        var days = new List<MonthDay>();
        for (var day = 1; day <= Days; day++)
        {
            for (var hour = 0; hour < HoursADay; hour++)
            {
                await PassHourAsync(host.Services, clock.GetUtcNow());
                clock.Advance(TimeSpan.FromHours(1));
                if ((hour + 1) % HoursBetweenAgeing == 0)
                {
                    await AgeAsync(connection, TimeSpan.FromHours(HoursBetweenAgeing));
                }
            }

            await ArchiveAsync(host.Services);
            days.Add(await MeasureAsync(connection, day, clock.GetUtcNow()));
            Console.WriteLine(days[^1]);
        }

        return days;
    }

    private async Task PassHourAsync(IServiceProvider services, DateTimeOffset now)
    {
        var (directory, log) = (services.GetRequiredService<DialogDirectory>(), services.GetRequiredService<DialogLog>());
        var starting = Share(dialogs / (double)Days / HoursADay);
        var work = new List<Func<Task>>();
        for (var i = 0; i < starting; i++)
        {
            var seed = _random.Next();
            var length = 2 + (int)(-MeanLength * Math.Log(1 - _random.NextDouble()));
            work.Add(async () =>
            {
                var dialog = (await directory.OpenAsync(_site, DialogMode.Widget, Guid.NewGuid().ToString("N"), default)).Dialog;
                await WriteAsync(log, dialog, length, seed);
                lock (_visited)
                {
                    _visited.Add(new Visited(dialog) { At = now });
                }
            });
        }

        for (var i = 0; i < starting * CrawlersADialog; i++)
        {
            work.Add(() => directory.OpenAsync(_site, DialogMode.Widget, Guid.NewGuid().ToString("N"), default));
        }

        foreach (var index in Enumerable.Range(0, Share(_visited.Count * ComeBack / HoursADay)).Select(_ => _random.Next(_visited.Count))
            .Concat(Enumerable.Range(0, Math.Min(GoOn, _visited.Count))).ToHashSet())
        {
            var (visited, seed) = (_visited[index], _random.Next());
            var length = index < GoOn ? Share(MessagesADay / (double)HoursADay) : 2;
            work.Add(async () =>
            {
                await WriteAsync(log, visited.Dialog, length, seed);
                visited.At = now;
            });
        }

        await Parallel.ForEachAsync(work, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) => await one());
    }

    private async Task WriteAsync(DialogLog log, Dialog dialog, int length, int seed)
    {
        var random = new Random(seed);
        var guest = Principals.Guest(dialog.GuestId);
        for (var i = 0; i < length; i++)
        {
            var sender = i % 2 == 0 ? Sender.User : Sender.Assistant;
            _ = IdempotencyKey.TryCreate(sender == Sender.User ? guest : "assistant", Guid.NewGuid().ToString(), out var key);
            await log.AppendMessageAsync(dialog.Key, dialog.Owner, new NewMessage(key, sender, texts[random.Next(texts.Count)]), default);
        }

        Interlocked.Add(ref _events, length);
    }

    // The logs that have outgrown their window, by whatever was appended; what is idle; and what has expired.
    private async Task ArchiveAsync(IServiceProvider services)
    {
        var archiver = services.GetRequiredService<DialogArchiver>();
        foreach (var visited in _visited.Take(GoOn))
        {
            await archiver.ArchiveAsync(visited.Dialog.Key, default);
        }

        await services.GetRequiredService<IdleDialogs>().RestAsync(default);
    }

    // Redis' own clock cannot be set: what expires is brought nearer to its end.
    private static async Task AgeAsync(ConnectionMultiplexer connection, TimeSpan time)
    {
        const string Script = """
            local page = redis.call('SCAN', ARGV[1], 'COUNT', 5000)
            for _, key in ipairs(page[2]) do
              local left = redis.call('PTTL', key)
              if left > 0 then
                if left <= tonumber(ARGV[2]) then redis.call('UNLINK', key) else redis.call('PEXPIRE', key, string.format('%d', left - ARGV[2])) end
              end
            end
            return page[1]
            """;
        var cursor = "0";
        do
        {
            cursor = (string?)await connection.GetDatabase().ScriptEvaluateAsync(Script, [], [cursor, (long)time.TotalMilliseconds]) ?? "0";
        }
        while (cursor != "0");
    }

    private async Task<MonthDay> MeasureAsync(ConnectionMultiplexer connection, int day, DateTimeOffset now)
    {
        var server = connection.GetServers()[0];
        var memory = (await server.InfoAsync("memory")).SelectMany(section => section).ToDictionary(pair => pair.Key, pair => pair.Value);
        var live = _visited.Count(visited => idleAfter is not { } age || now - visited.At <= age);
        return new MonthDay(
            day, _visited.Count, live, Interlocked.Read(ref _events), await server.DatabaseSizeAsync(),
            long.Parse(memory["used_memory_dataset"], CultureInfo.InvariantCulture));
    }

    // A whole number that is this on average.
    private int Share(double mean) => (int)mean + (_random.NextDouble() < mean - Math.Floor(mean) ? 1 : 0);

    private sealed class Visited(Dialog dialog)
    {
        public Dialog Dialog { get; } = dialog;

        public DateTimeOffset At { get; set; }
    }
}
