using ReplyX.Recorder.Chaos;
using ReplyX.Testing;

namespace ReplyX.Recorder.Tests;

public sealed class FaultScheduleTests
{
    [Fact]
    public void A_round_has_each_fault_once_and_a_seed_decides_all_of_it()
    {
        var kinds = FaultSchedule.KindsOn(RedisKind.Cluster);
        var schedule = FaultSchedule.Of(seed: 7, kinds).Take(3 * kinds.Count).ToList();

        Assert.Equal(Enum.GetValues<FaultKind>(), kinds);
        Assert.All(schedule.Chunk(kinds.Count), round => Assert.Equal(kinds, round.Select(fault => fault.Kind).Order()));
        Assert.Equal(schedule, FaultSchedule.Of(seed: 7, kinds).Take(schedule.Count));
        Assert.NotEqual(schedule, FaultSchedule.Of(seed: 8, kinds).Take(schedule.Count));
    }

    [Fact]
    public void Each_fault_is_said_in_words_of_its_own()
    {
        var what = FaultSchedule.Of(seed: 7, Enum.GetValues<FaultKind>()).Take(Enum.GetValues<FaultKind>().Length).Select(fault => fault.What).ToList();

        Assert.Equal(what.Count, what.Distinct().Count());
    }
}
