using System.Diagnostics;
using ReplyX.Recorder.Cluster;
using ReplyX.Recorder.Judging;
using ReplyX.Recorder.Sockets;
using ReplyX.Testing;

namespace ReplyX.Recorder.Chaos;

/// <summary>Does the schedule's faults one after the other, and cuts connections all the while.</summary>
internal sealed class ChaosRun(
    RecordedCluster cluster, IReadOnlyList<IRecordedSocket> sockets, RecorderOptions options, Action pulse, Func<Task> untilDelivered, Violations violations, TimeProvider time, SideStage side, Action<string> say)
{
    /// <summary>A dead node's lease is 5 s; the rest is what a busy machine may need.</summary>
    private static readonly TimeSpan _leaseLimit = TimeSpan.FromSeconds(30);

    /// <summary>A round has each fault once.</summary>
    private readonly int _leastFaults = options.Faults.Count;

    private readonly StoppedReaders _stoppedReaders = new(side);

    private readonly ClusterFaults? _clusterFaults = cluster.Redis.Cluster is { } servers ? new ClusterFaults(cluster, servers, options, pulse) : null;

    public Dictionary<FaultKind, int> Done { get; } = [];

    public List<DrainRecord> Drains { get; } = [];

    /// <summary>How long a killed replica stayed in the totals.</summary>
    public List<TimeSpan> LeaseWaits { get; } = [];

    /// <summary>How long drains took: from the signal to the exit, or from the command to the last socket gone.</summary>
    public List<TimeSpan> DrainExits { get; } = [];

    /// <summary>How long it took until all was well again once Redis was back.</summary>
    public List<TimeSpan> RedisReturns { get; } = [];

    /// <summary>How long it took from a master's kill to its replica's promotion.</summary>
    public List<TimeSpan> Promotions { get; } = [];

    /// <summary>How long reshards took.</summary>
    public List<TimeSpan> Reshards { get; } = [];

    public async Task RunAsync()
    {
        using var calm = new CancellationTokenSource();
        var cutting = CutAsync(calm.Token);
        var clock = Stopwatch.StartNew();
        var done = 0;
        foreach (var fault in FaultSchedule.Of(options.Seed, options.Faults))
        {
            if (clock.Elapsed > options.Duration && done >= _leastFaults)
            {
                break;
            }

            await Task.Delay(fault.Calm);
            say(fault.What);
            await DoAsync(fault);
            await untilDelivered();
            Done[fault.Kind] = Done.GetValueOrDefault(fault.Kind) + 1;
            done++;
        }

        await calm.CancelAsync();
        await cutting;
    }

    private async Task DoAsync(Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.ReplicaKill:
                await KillReplicaAsync(fault);
                break;
            case FaultKind.RedisKill:
                var killed = await cluster.Redis.ChooseAsync(fault.Seed);
                await killed.KillAsync();
                pulse();
                await Task.Delay(fault.Length);
                await killed.RestartAsync();
                await UntilRedisIsBackAsync();
                break;
            case FaultKind.RedisPause:
                var paused = await cluster.Redis.ChooseAsync(fault.Seed);
                await paused.PauseAsync();
                pulse();
                await Task.Delay(fault.Length);
                await paused.ResumeAsync();
                await UntilRedisIsBackAsync();
                break;
            case FaultKind.Drain:
                await DrainAsync(fault);
                break;
            case FaultKind.AbortedConnects:
                await new AbortedConnects(side, fault, pulse).RunAsync();
                break;
            case FaultKind.StoppedReaders:
                pulse();
                await _stoppedReaders.RunAsync(fault);
                break;
            case FaultKind.MasterKill:
                Promotions.Add(await _clusterFaults!.KillMasterAsync(fault));
                await UntilRedisIsBackAsync();
                break;
            case FaultKind.Reshard:
                Reshards.Add(await _clusterFaults!.ReshardAsync());
                await UntilRedisIsBackAsync();
                break;
            case FaultKind.Partition:
                await _clusterFaults!.PartAsync(fault);
                await UntilRedisIsBackAsync();
                break;
        }
    }

    private async Task KillReplicaAsync(Fault fault)
    {
        var dead = cluster.Replicas[fault.Replica];
        await dead.KillAsync();
        pulse();
        try
        {
            LeaseWaits.Add(await RecordedCluster.UntilAsync(
                cluster.Replicas[1 - fault.Replica],
                "a killed replica's sockets to leave the cluster's totals",
                _leaseLimit,
                report => report.Nodes == 1 && report.Sockets <= sockets.Count));
        }
        catch (TimeoutException e)
        {
            violations.Add(ViolationKind.Service, e.Message);
        }

        await Task.Delay(fault.Length);
        await dead.StartAsync();
        await cluster.UntilHealthyAsync("both replicas to be ready after one was killed and started");
    }

    private async Task UntilRedisIsBackAsync()
    {
        var clock = Stopwatch.StartNew();
        await cluster.Redis.UntilWellAsync();
        await cluster.UntilHealthyAsync("both replicas to be ready after Redis was away");
        RedisReturns.Add(clock.Elapsed);
    }

    private async Task DrainAsync(Fault fault)
    {
        var leaving = cluster.Replicas[fault.Replica];
        var process = leaving.ProcessId;
        var concerned = sockets.Where(socket => ServiceProcess.IsNode(socket.Timeline.Node, process)).ToList();
        var node = concerned.FirstOrDefault()?.Timeline.Node ?? "nobody's";
        var from = time.GetTimestamp();
        pulse();
        if (fault.ByCommand)
        {
            // It runs on without sockets, and is put back below.
            await leaving.DrainAsync();
        }
        else if (await leaving.StopAsync() is not 0 and var exitCode)
        {
            violations.Add(ViolationKind.Service, $"{leaving.Name} ended a drain with {exitCode}");
        }

        DrainExits.Add(time.GetElapsedTime(from));

        // A socket that is back may be cut again before the last one is. How long the last one looks is a matter of luck, since the
        // proxy sends half of the attempts back to where they came from: the report counts attempts, and nobody waits here for ever.
        var clock = Stopwatch.StartNew();
        while (concerned.RemoveAll(socket => socket.Timeline.Node is { } other && !ServiceProcess.IsNode(other, process)) >= 0
            && concerned.Count > 0
            && clock.Elapsed < TestTimeout.Default)
        {
            await Task.Delay(10);
        }

        Drains.Add(new DrainRecord(node, from));
        await (fault.ByCommand ? leaving.UndrainAsync() : leaving.StartAsync());
        await cluster.UntilHealthyAsync("both replicas to be ready after one drained and came back");
    }

    private async Task CutAsync(CancellationToken calm)
    {
        var random = new Random(options.Seed ^ 0x5EED);
        try
        {
            while (true)
            {
                await Task.Delay(random.Next(100, 500), calm);
                cluster.Proxy.Cut(random, share: random.Next(50) == 0 ? 0.2 : 0);
                if (random.Next(2) == 0)
                {
                    cluster.ApiProxy.Cut(random);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Calm at last.
        }
    }
}
