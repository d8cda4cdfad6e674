using System.Diagnostics;
using ReplyX.Recorder.Cluster;
using ReplyX.Testing;

namespace ReplyX.Recorder.Chaos;

/// <summary>The faults that only a Redis Cluster has. Each ends with the cluster whole again.</summary>
internal sealed class ClusterFaults(RecordedCluster cluster, ClusterServers servers, RecorderOptions options, Action pulse)
{
    /// <summary>
    /// Kills a master, waits until its replica has its place, and starts it again, as that one's replica. Was the replica cut off from it
    /// before, the master alone has what it took since then, and it is lost.
    /// </summary>
    /// <returns>How long it took until the replica was promoted.</returns>
    public async Task<TimeSpan> KillMasterAsync(Fault fault)
    {
        var master = await cluster.Redis.ChooseAsync(fault.Seed);
        var replica = await servers.FindReplicaAsync(master) ?? throw new InvalidOperationException("A master has no replica.");
        if (fault.ByCommand)
        {
            await ClusterServers.DetachReplicaAsync(master);
            pulse();
            await Task.Delay(fault.Length);
        }

        var clock = Stopwatch.StartNew();
        await master.KillAsync();
        pulse();
        await servers.UntilPromotedAsync(master, replica);
        var promoted = clock.Elapsed;
        await master.RestartAsync();
        return promoted;
    }

    /// <summary>Moves half of all slots from the other masters to the smallest one, with what is in them, while everybody writes.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> ReshardAsync()
    {
        // Of the others each keeps some: one that has none left would become a replica.
        var taker = await servers.FindSmallestMasterAsync();
        var clock = Stopwatch.StartNew();
        pulse();
        await ClusterServers.ReshardAsync(from: null, taker, (int)(ClusterServers.Slots * options.ReshardShare));
        return clock.Elapsed;
    }

    /// <summary>Cuts one replica off from one master.</summary>
    public async Task PartAsync(Fault fault)
    {
        var master = await cluster.Redis.ChooseAsync(fault.Seed);
        var end = Task.Delay(fault.Length);
        cluster.RedisWays[fault.Replica].Isolate(master, end);
        pulse();
        await end;
    }
}
