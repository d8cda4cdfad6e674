using System.Globalization;

namespace ReplyX.Recorder.Chaos;

/// <summary>One fault of the schedule.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Calm">How long nothing is done before it.</param>
/// <param name="Length">How long what was taken away stays away.</param>
/// <param name="Replica">Which replica, where it is about one.</param>
/// <param name="ByCommand">Whether a drain is asked for over HTTP rather than by SIGTERM; whether a killed master's replica was cut off from it.</param>
/// <param name="Seed">Decides the moments and the cast, where the fault has any.</param>
internal sealed record Fault(FaultKind Kind, TimeSpan Calm, TimeSpan Length, int Replica, bool ByCommand, int Seed)
{
    /// <summary>What is done, in words.</summary>
    public string What => Kind switch
    {
        FaultKind.ReplicaKill => $"kill -9 of replica {Replica}, away for {Seconds} s",
        FaultKind.RedisKill => $"kill -9 of Redis, away for {Seconds} s",
        FaultKind.RedisPause => $"pause of Redis for {Seconds} s",
        FaultKind.AbortedConnects =>
            $"connects aborted at every step while Redis stalls for {Seconds} s, for replica {Replica} all of it and for the other one its subscriptions",
        FaultKind.StoppedReaders => $"readers that stop amid a replay, some for {Seconds} s and some for good",
        FaultKind.MasterKill => ByCommand
            ? $"kill -9 of a master whose replica is cut off from it for {Seconds} s, and promotion of that one"
            : "kill -9 of a master, and promotion of its replica",
        FaultKind.Reshard => "reshard of half the slots to one master",
        FaultKind.Partition => $"partition between replica {Replica} and one master for {Seconds} s",
        _ => $"drain of replica {Replica} by {(ByCommand ? "command" : "SIGTERM")}",
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Calm.TotalSeconds:0.0} s of calm, then {What}");

    private string Seconds => Length.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
}
