using System.Diagnostics;
using System.Globalization;

namespace ReplyX.Testing;

/// <summary>
/// Six redis-servers that are a Redis Cluster of three masters and three replicas. Who is master changes with every failover: it is asked
/// for, and never remembered.
/// </summary>
public sealed class ClusterServers : IAsyncDisposable
{
    /// <summary>How many slots a cluster has.</summary>
    public const int Slots = 16_384;

    private const int Count = 6;
    private const int Masters = 3;
    private const int LinesOfEach = 6;

    private static readonly TimeSpan _reshardLimit = TimeSpan.FromMinutes(5);

    private readonly List<RedisServer> _servers = [];

    private ClusterServers()
    {
    }

    /// <summary>The servers, those first that were masters at the start.</summary>
    public IReadOnlyList<RedisServer> All => _servers;

    /// <summary>All of them, in StackExchange.Redis' format.</summary>
    public string ConnectionString => string.Join(',', _servers.Select(server => server.ConnectionString));

    /// <summary>What each of them wrote last, for a failure's message.</summary>
    public string LastOutput => string.Join(
        '\n', _servers.Select(server => $"port {server.Port}:\n{string.Join('\n', server.LastOutput.Split('\n').TakeLast(LinesOfEach))}"));

    /// <summary>Starts them and waits until each of them says that all is well. Skips the test where redis-server or redis-cli is missing.</summary>
    /// <param name="nodeTimeout">After how long a silent master is replaced; Redis' own default is 15 s.</param>
    public static async Task<ClusterServers> StartAsync(TimeSpan nodeTimeout)
    {
        var cli = RequiredTool.Path("redis-cli");
        var cluster = new ClusterServers();
        try
        {
            for (var i = 0; i < Count; i++)
            {
                cluster._servers.Add(await RedisServer.StartAsync(
                    RedisKind.Redis,
                    "--cluster-enabled", "yes",
                    "--repl-diskless-sync-delay", "0",
                    "--cluster-port", FreePort.Next().ToString(CultureInfo.InvariantCulture),
                    "--cluster-node-timeout", nodeTimeout.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)));
            }

            await RunAsync(cli, ["--cluster", "create", .. cluster._servers.Select(server => server.ConnectionString), "--cluster-replicas", "1", "--cluster-yes"]);
            await cluster.UntilWellAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The masters that run and have slots, in the order of <see cref="All"/>.</summary>
    public async Task<IReadOnlyList<RedisServer>> FindMastersAsync()
    {
        var view = await ViewAsync();
        return [.. _servers.Where(server => view.Any(member => member.Port == server.Port && member is { IsMaster: true, IsFailed: false, HasSlots: true }))];
    }

    /// <summary>The master that has the fewest slots.</summary>
    public async Task<RedisServer> FindSmallestMasterAsync()
    {
        var view = await ViewAsync();
        var smallest = view.Where(member => member is { IsMaster: true, IsFailed: false, HasSlots: true }).MinBy(member => member.Slots)!;
        return _servers.Single(server => server.Port == smallest.Port);
    }

    /// <summary>The replica of a master; null if it has none that runs.</summary>
    public async Task<RedisServer?> FindReplicaAsync(RedisServer master)
    {
        var view = await ViewAsync();
        var id = view.Single(member => member.Port == master.Port).Id;
        return view.FirstOrDefault(member => member.MasterId == id && !member.IsFailed) is { } replica
            ? _servers.Single(server => server.Port == replica.Port)
            : null;
    }

    /// <summary>
    /// Ends a master's replication and keeps its replica from coming back, as a broken network between the two does: what the master
    /// acknowledges from now on it has alone. A start of the master undoes it.
    /// </summary>
    public static async Task DetachReplicaAsync(RedisServer master)
    {
        await TellAsync(master, "acl", "setuser", "default", "-psync", "-sync");
        await TellAsync(master, "client", "kill", "type", "replica");
    }

    /// <summary>Waits until another server has the slots of one that was killed or stopped.</summary>
    /// <param name="lost">That one.</param>
    /// <param name="successor">Its replica, which is expected to take over.</param>
    public async Task UntilPromotedAsync(RedisServer lost, RedisServer successor) => await UntilAsync(
        $"the replica on port {successor.Port} to take over from port {lost.Port}",
        async () => (await ViewAsync(except: lost)).Any(member => member.Port == successor.Port && member is { IsMaster: true, HasSlots: true }));

    /// <summary>Waits until every server says that all slots are served, three masters have slots, and each has a replica that is up to date.</summary>
    public async Task UntilWellAsync()
    {
        foreach (var server in _servers)
        {
            await UntilAsync(
                $"the cluster to be well, as port {server.Port} sees it",
                async () => (await TellAsync(server, "cluster", "info")).Contains("cluster_state:ok", StringComparison.Ordinal));
            await UntilAsync(
                $"the replica of, or on, port {server.Port} to be up to date",
                async () => await TellAsync(server, "info", "replication") is var told
                    && (told.Contains("role:master", StringComparison.Ordinal)
                        ? !await HasSlotsAsync(server) || told.Contains("state=online", StringComparison.Ordinal)
                        : told.Contains("master_link_status:up", StringComparison.Ordinal)));
        }

        await UntilAsync($"{Masters} masters with slots", async () => (await FindMastersAsync()).Count >= Masters);
    }

    /// <summary>Moves slots, with the keys in them, from one master or from all others to one.</summary>
    /// <param name="from">The master that gives; null for all others.</param>
    /// <param name="to">The master that takes.</param>
    /// <param name="slots">How many.</param>
    public static async Task ReshardAsync(RedisServer? from, RedisServer to, int slots)
    {
        var source = from is null ? "all" : (await TellAsync(from, "cluster", "myid")).Trim();
        await RunAsync(
            RequiredTool.Path("redis-cli"),
            [
                "--cluster", "reshard", to.ConnectionString,
                "--cluster-from", source, "--cluster-to", (await TellAsync(to, "cluster", "myid")).Trim(),
                "--cluster-slots", slots.ToString(CultureInfo.InvariantCulture), "--cluster-yes",
            ],
            _reshardLimit);
    }

    /// <summary>Sends one command to one server, and returns what redis-cli prints of the answer.</summary>
    public static async Task<string> TellAsync(RedisServer server, params string[] command) => (await Command.RunAsync(
        new ProcessStartInfo(RequiredTool.Path("redis-cli"), ["-p", server.Port.ToString(CultureInfo.InvariantCulture), .. command]))).Output;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private async Task<bool> HasSlotsAsync(RedisServer server) => (await ViewAsync()).Any(member => member.Port == server.Port && member.HasSlots);

    // As the first one that answers sees it.
    private async Task<IReadOnlyList<Member>> ViewAsync(RedisServer? except = null)
    {
        foreach (var server in _servers.Where(server => server != except))
        {
            if (Member.ReadAll(await TellAsync(server, "cluster", "nodes")) is { Count: > 0 } members)
            {
                return members;
            }
        }

        return [];
    }

    private static async Task RunAsync(string program, string[] arguments, TimeSpan? limit = null)
    {
        var (exitCode, output) = await Command.RunAsync(new ProcessStartInfo(program, arguments), limit);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
        }
    }

    private async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        var clock = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (clock.Elapsed > TestTimeout.Default)
            {
                var views = await Task.WhenAll(_servers.Select(async server =>
                    $"port {server.Port}: {await TellAsync(server, "cluster", "info")}{await TellAsync(server, "cluster", "nodes")}"));
                throw new TimeoutException($"waited {clock.Elapsed.TotalSeconds:0} s for {what}; the servers said:\n{LastOutput}\nand see:\n{string.Join('\n', views)}");
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A line of <c>CLUSTER NODES</c>: id, address, flags, the master's id, and five more before the slots.</summary>
    private sealed record Member(string Id, int Port, bool IsMaster, bool IsFailed, string MasterId, int Slots)
    {
        private const int FieldsBeforeSlots = 8;

        public bool HasSlots => Slots > 0;

        public static IReadOnlyList<Member> ReadAll(string told) =>
        [
            .. told.Split('\n').Select(line => line.TrimEnd('\r').Split(' ')).Where(fields => fields.Length >= FieldsBeforeSlots).Select(Read),
        ];

        private static Member Read(string[] fields)
        {
            var flags = fields[2].Split(',');
            return new Member(
                fields[0],
                int.Parse(fields[1].Split('@')[0].Split(':')[^1], CultureInfo.InvariantCulture),
                flags.Contains("master"),
                flags.Contains("fail") || fields[7] != "connected",
                fields[3],
                fields.Skip(FieldsBeforeSlots).Sum(Count));
        }

        // A slot, the first and the last of several, or in brackets one that is on its way.
        private static int Count(string range) => range.Split('-') is var ends && ends[0].Length > 0 && ends[0][0] != '['
            ? 1 + int.Parse(ends[^1], CultureInfo.InvariantCulture) - int.Parse(ends[0], CultureInfo.InvariantCulture)
            : 0;
    }
}
