using System.Globalization;
using ReplyX.Bench.Memory;
using ReplyX.Bench.Replicas;

// What it costs to acknowledge an append only when a replica has it: Messaging:Replicas 1 beside 0, in slices by turns, on one
// redis-server with one replica, both with files that are synced with every write.
// dotnet run -c Release --project bench/Replicas -- [seconds a slice] [rounds]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var slice = TimeSpan.FromSeconds(args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 3);
var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;

string[] durable = ["--appendonly", "yes", "--appendfsync", "always"];
var folders = new[] { Directory.CreateTempSubdirectory(), Directory.CreateTempSubdirectory() };
using var primary = await RedisProcess.StartAsync([.. durable, "--dir", folders[0].FullName]);
using var replica = await RedisProcess.StartAsync([.. durable, "--dir", folders[1].FullName, "--replicaof", "127.0.0.1", $"{primary.Port}"]);
await using var without = await Appends.StartAsync(primary.Port, replicas: 0);
await using var with = await Appends.StartAsync(primary.Port, replicas: 1);

Console.WriteLine($"{primary.Version}, slices of {slice.TotalSeconds:0.#} s, {rounds} rounds; middle of the rounds");
Console.WriteLine();
Console.WriteLine("| at once | appends/s, 0 | appends/s, 1 | ratio | p50, 0 | p50, 1 | p99, 0 | p99, 1 |");
Console.WriteLine("|---|---|---|---|---|---|---|---|");
foreach (var atOnce in (int[])[1, 16, 128])
{
    var (zero, one) = (new List<Slice>(), new List<Slice>());
    await without.RunAsync(atOnce, slice / 3);
    await with.RunAsync(atOnce, slice / 3);
    for (var i = 0; i < rounds; i++)
    {
        zero.Add(Slice.Of(await without.RunAsync(atOnce, slice), slice));

        // What the slice before has left the replica to do is not this one's.
        await with.RunAsync(1, TimeSpan.Zero);
        one.Add(Slice.Of(await with.RunAsync(atOnce, slice), slice));
    }

    var ratio = Slice.Middle(zero.Zip(one, (before, after) => after.Rate / before.Rate));
    Console.WriteLine(
        $"| {atOnce} | {Middle(zero, side => side.Rate):0} | {Middle(one, side => side.Rate):0} | {ratio:0.00} "
        + $"| {Middle(zero, side => side.Median):0.00} ms | {Middle(one, side => side.Median):0.00} ms "
        + $"| {Middle(zero, side => side.Late):0.0} ms | {Middle(one, side => side.Late):0.0} ms |");
}

foreach (var folder in folders)
{
    folder.Delete(recursive: true);
}

static double Middle(List<Slice> slices, Func<Slice, double> what) => Slice.Middle(slices.Select(what));
