namespace ReplyX.Deploy.Tests;

/// <summary>What everybody noticed of the rehearsal's deploys: nothing but one reconnect.</summary>
public sealed class RehearsalTests(Rehearsal rehearsal) : IClassFixture<Rehearsal>
{
    [Fact]
    public void A_good_deploy_moves_every_socket_once()
    {
        var act = rehearsal.Act(Rehearsal.Good);
        Assert.Equal("green", act.Current);
        Assert.All(act.Connects, connects => Assert.Equal(1, connects));
        Assert.Equal(0, act.NotMoved);
        Assert.Equal(4, rehearsal.SecondDeploy);
    }

    [Theory]
    [InlineData(Rehearsal.WithoutKey, "Tokens:SigningKey")]
    [InlineData(Rehearsal.OnOtherRedis, "the check with real messages failed")]
    [InlineData(Rehearsal.Refused, "no_such_directive")]
    public void A_deploy_that_fails_before_the_switch_moves_nobody(string name, string why)
    {
        var act = rehearsal.Act(name);
        Assert.Equal("blue", act.Current);
        Assert.Contains(why, act.Output, StringComparison.Ordinal);
        Assert.All(act.Connects, connects => Assert.Equal(0, connects));
    }

    [Fact]
    public void A_rollback_moves_every_socket_once()
    {
        var act = rehearsal.Act(Rehearsal.RolledBack);
        Assert.Equal("blue", act.Current);
        Assert.All(act.Connects, connects => Assert.Equal(1, connects));
    }

    [Fact]
    public void A_deploy_that_is_killed_at_every_step_goes_on_and_moves_every_socket_once()
    {
        var act = rehearsal.Act(Rehearsal.Cut);
        Assert.Equal("green", act.Current);
        Assert.Equal(0, act.NotMoved);
        Assert.All(act.Connects, connects => Assert.Equal(1, connects));
    }

    [Fact]
    public void A_rollback_works_where_the_current_colour_is_dead()
    {
        var act = rehearsal.Act(Rehearsal.Dead);
        Assert.Equal("blue", act.Current);
        Assert.All(act.Connects, connects => Assert.Equal(1, connects));
    }

    [Fact]
    public void A_version_that_fails_after_the_switch_is_taken_back()
    {
        var act = rehearsal.Act(Rehearsal.Failing);
        Assert.Equal("blue", act.Current);
        Assert.Contains("green's realtime-1 has ended", act.Output, StringComparison.Ordinal);

        // To the new colour and back, and once more from the node that died. Who was slow to move came to the old colour right away.
        Assert.All(act.Connects, connects => Assert.InRange(connects, 1, 3));
    }

    [Fact]
    public void Nothing_is_lost_duplicated_or_reordered()
    {
        rehearsal.Finish();
        TestContext.Current.TestOutputHelper!.WriteLine(rehearsal.Timeline());
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{rehearsal.Sockets} sockets, {rehearsal.Acknowledged} messages, {rehearsal.Deliveries} deliveries, {rehearsal.Requests} requests ({rehearsal.SentAgain} sent again, since their connection was closed), {rehearsal.Probes} probes");
        Assert.True(
            !rehearsal.Violations.Any,
            $"{string.Join('\n', rehearsal.Violations.First.Select(one => $"{one.Kind}: {one.What}"))}\n{rehearsal.Story()}");
        Assert.True(rehearsal.Acknowledged > 200, $"only {rehearsal.Acknowledged} messages were sent: that proves little");
        Assert.True(rehearsal.Deliveries > 3 * rehearsal.Acknowledged);
    }

    [Fact]
    public void No_request_failed()
    {
        rehearsal.Finish();
        Assert.True(rehearsal.FailedRequests.Count == 0, $"of {rehearsal.Requests}:\n{string.Join('\n', rehearsal.FailedRequests.Take(20))}\n{rehearsal.Story()}");
        Assert.True(rehearsal.Requests > 500);
    }

    [Fact]
    public void The_front_door_always_had_a_healthy_colour()
    {
        rehearsal.Finish();
        Assert.True(rehearsal.FailedProbes.Count == 0, $"of {rehearsal.Probes}:\n{string.Join('\n', rehearsal.FailedProbes.Take(20))}\n{rehearsal.Story()}");
        Assert.True(rehearsal.Probes > 100);
    }
}
