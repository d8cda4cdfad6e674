using ReplyX.Recorder.Chaos;

namespace ReplyX.Recorder.Tests;

public sealed class FaultScheduleTests
{
    [Fact]
    public void A_round_has_each_fault_once_and_a_seed_decides_all_of_it()
    {
        var kinds = Enum.GetValues<FaultKind>();
        var schedule = FaultSchedule.Of(seed: 7).Take(3 * kinds.Length).ToList();

        Assert.All(schedule.Chunk(kinds.Length), round => Assert.Equal(kinds, round.Select(fault => fault.Kind).Order()));
        Assert.Equal(schedule, FaultSchedule.Of(seed: 7).Take(schedule.Count));
        Assert.NotEqual(schedule, FaultSchedule.Of(seed: 8).Take(schedule.Count));
    }

    [Fact]
    public void Each_fault_is_said_in_words_of_its_own()
    {
        var what = FaultSchedule.Of(seed: 7).Take(Enum.GetValues<FaultKind>().Length).Select(fault => fault.What).ToList();

        Assert.Equal(what.Count, what.Distinct().Count());
    }
}
