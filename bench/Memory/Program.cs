using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReplyX.Bench.Memory;
using ReplyX.Messaging;
using StackExchange.Redis;

// Fills a redis-server of its own with messages through DialogLog, measures, lets the idempotency keys expire, measures, archives,
// and measures again.
// dotnet run -c Release --project bench/Memory -- [messages] [events a dialog]
// dotnet run -c Release --project bench/Memory -- appends
// dotnet run -c Release --project bench/Memory -- masters
//
// Or simulates a month, once with dialogs that go to the archive when they are idle and once without, and draws it:
// dotnet run -c Release --project bench/Memory -- month [dialogs] [days until idle] [picture]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["appends"])
{
    await AppendCosts.RunAsync();
    return;
}

if (args is ["masters"])
{
    await Masters.RunAsync();
    return;
}

if (args is ["month", ..])
{
    var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100_000;
    var idle = args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 3;
    var samples = SampleTexts.Read(Path.Combine(AppContext.BaseDirectory, "conversations"));
    var months = new List<IReadOnlyList<MonthDay>>();
    foreach (TimeSpan? idleAfter in (TimeSpan?[])[TimeSpan.FromDays(idle), null])
    {
        Console.WriteLine(idleAfter is null ? "dialogs never go to the archive whole" : $"dialogs go to the archive whole after {idle:0.#} idle days");
        var archive = Directory.CreateTempSubdirectory("replyx-month-");
        try
        {
            months.Add(await new Month(samples, count, idleAfter).RunAsync(archive.FullName));
        }
        finally
        {
            archive.Delete(recursive: true);
        }
    }

    if (args.Length > 3)
    {
        await File.WriteAllTextAsync(args[3], MonthChart.Draw(months[0], months[1], idle));
    }

    return;
}

var messages = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200_000;
var length = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5_000;

var texts = SampleTexts.Read(Path.Combine(AppContext.BaseDirectory, "conversations"));
using var server = await RedisProcess.StartAsync();
var options = ConfigurationOptions.Parse($"127.0.0.1:{server.Port},syncTimeout=60000,asyncTimeout=60000,allowAdmin=true");
await using var connection = await ConnectionMultiplexer.ConnectAsync(options);

var builder = Host.CreateEmptyApplicationBuilder(null);
builder.Configuration["Tokens:SigningKey"] = "only because messaging asks for one";
builder.Configuration["Archive:MinAge"] = "00:00:00";

// As it is an hour after a start, when keys are written into their buckets alone.
builder.Configuration["Messaging:DeployOverlap"] = "00:00:00";
builder.Services.AddSingleton<IConnectionMultiplexer>(connection).AddSingleton(options);
builder.AddMessaging();

// Not started, so that nothing is archived before it is asked for.
using var host = builder.Build();
var filling = new Filling(host.Services, texts);

Console.WriteLine($"{server.Version}; {texts.Count} texts, {texts.Average(text => System.Text.Encoding.UTF8.GetByteCount(text)):0} bytes on average");
var dialogs = await filling.FillAsync(Math.Max(1, messages / length), length);
var events = dialogs.Count * (long)length;

var before = await Usage.MeasureAsync(connection);
Console.WriteLine($"\n{events:N0} events in {dialogs.Count} dialogs, all in their logs; an event has {await filling.AverageEventAsync(dialogs[0]):0} bytes");
before.Print(events);

await Usage.ExpireKeysAsync(connection);
var expired = await Usage.MeasureAsync(connection);
Console.WriteLine("\nthe same when the keys have expired, two hours later");
expired.Print(events);

var (archived, elapsed) = await filling.ArchiveAsync(dialogs);
var after = await Usage.MeasureAsync(connection);
Console.WriteLine($"\n{archived:N0} of them archived, in {elapsed.TotalSeconds:0.0} s");
after.Print(events);

Console.WriteLine();
Print("a new event, with its key", before.Log + before.Keys, events);
Print("an event in the log", expired.Log + expired.Keys, events);
Print("an event in the archive", after.Archive, archived);

Console.WriteLine("\nBrotli on the first dialog's segments:");
await Compression.PrintAsync(connection, dialogs[0]);

static void Print(string what, long bytes, long events) =>
    Console.WriteLine($"{what,-25} {(double)bytes / events,8:0.0} bytes  {bytes / (double)events * 1e6 / (1 << 20),8:0} MiB a million");
