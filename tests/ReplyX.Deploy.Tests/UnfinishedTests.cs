using ReplyX.Deploy.Tests.Hosting;
using ReplyX.Testing;

namespace ReplyX.Deploy.Tests;

/// <summary>
/// A second misfortune on top of the first: a deploy that was cut goes on where its colour has ended meanwhile, where the disk is full,
/// where the machine came up anew. Whatever happens, visitors have a colour that is well at the end, or people are called.
/// </summary>
public sealed class UnfinishedTests : IClassFixture<DeployedMachine>
{
    private const int WaitStep = 4;
    private const int SwitchStep = 6;
    private const int WatchStep = 9;

    private readonly DeployedMachine _machine;

    public UnfinishedTests(DeployedMachine machine)
    {
        DeployedHost.Require();
        _machine = machine;
    }

    private DeployedHost Host => _machine.Host;

    [Fact]
    public async Task A_new_colour_that_ended_after_the_switch_is_taken_back_and_not_the_old_one()
    {
        var (old, target) = (_machine.Current, _machine.Idle);
        await _machine.CutAsync(_machine.Second, WatchStep, isDone: true, ("WATCH_SECONDS", "0"));
        Host.Kill(target);

        var said = await _machine.EndAsync(_machine.Deploy(_machine.Second), 1);

        Assert.Contains($"{target}'s api has ended: without a word of its end, as one that is killed", said, StringComparison.Ordinal);
        await AssertServedAsync(old, _machine.First);
        Assert.False(Host.Runs(target));
    }

    [Fact]
    public async Task A_colour_that_ended_before_the_switch_is_started_again()
    {
        var target = _machine.Idle;
        await _machine.CutAsync(_machine.First, WaitStep, isDone: true);
        Host.Kill(target);

        var said = await _machine.EndAsync(_machine.Deploy(_machine.First), 0);

        Assert.Contains($"{target} does not run: it is started again", said, StringComparison.Ordinal);
        await AssertServedAsync(target, _machine.First);
    }

    [Fact]
    public async Task A_cut_amid_the_switch_and_the_end_of_the_new_colour_leave_the_release_to_go_back_to()
    {
        var (old, target) = (_machine.Current, _machine.Idle);
        await _machine.CutAsync(_machine.Second, SwitchStep, isDone: false);
        Host.Kill(target);

        // Before the link was replaced it starts the colour again; after it, it goes back.
        var run = _machine.Deploy(_machine.Second, ("READY_TIMEOUT", "1"), ("ENV_FILE", Host.WithoutKey.Value));
        var code = await run.EndAsync();

        Assert.True(code is 1 or 2, $"{code}: {string.Join('\n', run.Lines)}");
        Assert.Equal(_machine.First.Folder, Host.ReadLine($"{target}.release"));
        await AssertServedAsync(old, _machine.First);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_written_ends_the_deploy_before_the_switch()
    {
        var (old, target) = (_machine.Current, _machine.Idle);
        var run = _machine.Deploy(_machine.Second);
        Assert.True(await run.UntilAsync(() => Host.ReadJournal().Step >= WaitStep), string.Join('\n', run.Lines));
        using (Host.FillDisk("deploy.journal"))
        {
            var said = await _machine.EndAsync(run, 2);
            Assert.Contains("deploy.journal cannot be written", said, StringComparison.Ordinal);
        }

        Assert.False(Host.Runs(target));
        await AssertServedAsync(old, _machine.First);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_written_after_the_switch_calls_for_people_and_stops_nothing()
    {
        var (old, target) = (_machine.Current, _machine.Idle);
        var run = _machine.Deploy(_machine.First, ("WATCH_SECONDS", "4"));
        Assert.True(await run.UntilAsync(() => Host.ReadJournal().Step >= WatchStep), string.Join('\n', run.Lines));
        using (Host.FillDisk("deploy.journal"))
        {
            var said = await _machine.EndAsync(run, 3);
            Assert.Contains("People are needed", said, StringComparison.Ordinal);
            Assert.True(Host.Runs(old) && Host.Runs(target));
        }

        await _machine.EndAsync(_machine.Deploy(_machine.First), 0);
        await AssertServedAsync(target, _machine.First);
        Assert.False(Host.Runs(old));
    }

    [Fact]
    public async Task What_current_says_must_be_what_nginx_reads()
    {
        var (old, idle) = (_machine.Current, _machine.Idle);
        File.WriteAllText(Path.Combine(Host.State, "current"), idle + "\n");

        var said = await _machine.EndAsync(_machine.Deploy(_machine.Second), 2);

        Assert.Contains($"nginx leads to {old}, which runs", said, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(Host.State, "current"), old + "\n");
        await AssertServedAsync(old, _machine.First);
    }

    [Fact]
    public async Task What_runs_is_not_replaced_where_nothing_says_whether_visitors_have_it()
    {
        var old = _machine.Current;
        foreach (var file in (string[])["current", "upstreams/active.conf"])
        {
            File.Delete(Path.Combine(Host.State, file));
        }

        var said = await _machine.EndAsync(_machine.Deploy(_machine.Second), 2);

        Assert.Contains($"{old} runs, and ", said, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(Host.State, "current"), old + "\n");
        await _machine.EndAsync(Host.Start([]), 0);
        await AssertServedAsync(old, _machine.First);
    }

    [Fact]
    public async Task What_was_being_undone_is_undone_though_the_new_release_is_none()
    {
        var (old, target) = (_machine.Current, _machine.Idle);
        await _machine.CutAsync(_machine.Second, WaitStep, isDone: false);
        Host.EditJournal(("undo", "before"), ("reason", "a test"));

        var said = await _machine.EndAsync(_machine.Deploy(new Release(_machine.Second.Folder + "-none", "0")), 2);

        Assert.Contains("Not deployed: a test", said, StringComparison.Ordinal);
        Assert.Contains("there is no folder", said, StringComparison.Ordinal);
        Assert.False(Host.Runs(target));
        await AssertServedAsync(old, _machine.First);
    }

    [Fact]
    public async Task A_rollback_brings_the_recorded_release_back_and_not_what_a_deploy_left_running()
    {
        var target = _machine.Idle;
        await _machine.CutAsync(_machine.Second, WaitStep, isDone: true);
        File.Delete(Path.Combine(Host.State, "deploy.journal"));
        Assert.Equal(_machine.Second.Folder, Host.RunningRelease(target));

        await _machine.EndAsync(Host.RollBack("a test", static _ => { }), 0);

        Assert.Equal(_machine.First.Folder, Host.RunningRelease(target));
        await AssertServedAsync(target, _machine.First);
        await _machine.EndAsync(_machine.Deploy(_machine.First), 0);
    }

    [Fact]
    public async Task After_a_reboot_amid_a_rollback_visitors_get_what_was_gone_back_to()
    {
        var (old, target) = (_machine.Current, _machine.Idle);
        await _machine.CutAsync(_machine.Second, WatchStep, isDone: true, ("WATCH_SECONDS", "0"));
        Host.EditJournal(("undo", "after"), ("reason", "a test"));
        await Host.KillAllAsync();

        var said = await _machine.EndAsync(Host.Start([]), 0);

        Assert.Contains($"visitors get {old}", said, StringComparison.Ordinal);
        Assert.Contains("A deploy is unfinished", said, StringComparison.Ordinal);
        await _machine.EndAsync(Host.RollBack("a test", static _ => { }), 0);
        await AssertServedAsync(old, _machine.First);
        Assert.False(Host.Runs(target));
        Assert.Equal(_machine.First.Folder, Host.ReadLine($"{target}.release"));
    }

    [Fact]
    public async Task What_ends_by_itself_is_started_again_until_it_is_stopped()
    {
        var current = _machine.Current;
        await Host.KillAllAsync();
        var keeper = Host.Start(["--keep"]);
        Assert.True(await keeper.UntilAsync(() => keeper.Lines.Any(line => line.Contains($"visitors get {current}", StringComparison.Ordinal))), string.Join('\n', keeper.Lines));

        // A deploy runs beside it, and is not disturbed.
        await _machine.EndAsync(_machine.Deploy(_machine.First), 0);
        current = _machine.Current;
        Host.Kill(current, "realtime-2");
        Assert.True(
            await keeper.UntilAsync(() => keeper.Lines.Any(line => line.Contains($"keep: {current} is up again", StringComparison.Ordinal))),
            string.Join('\n', keeper.Lines));
        await AssertServedAsync(current, _machine.First);

        await _machine.EndAsync(Host.Start(["--stop"]), 0);
        await _machine.EndAsync(keeper, 0);
        Assert.False(Host.Runs("blue") || Host.Runs("green"));
        await _machine.EndAsync(Host.Start([]), 0);
        await AssertServedAsync(current, _machine.First);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rollback_that_is_not_heard_or_is_told_to_end_goes_back_all_the_same(bool isInterrupted)
    {
        var target = _machine.Idle;

        await _machine.EndAsync(isInterrupted ? Host.RollBackAmidCtrlC() : Host.RollBackUnheard(), 0);

        await AssertServedAsync(target, _machine.First);
        await _machine.EndAsync(_machine.Deploy(_machine.First), 0);
    }

    [Fact]
    public async Task What_runs_can_be_gone_back_to_though_its_folder_is_gone()
    {
        var (old, target) = (_machine.Current, _machine.Idle);
        await _machine.CutAsync(_machine.Second, WatchStep, isDone: false, ("WATCH_SECONDS", "20"));
        var away = _machine.First.Folder + "-away";
        Directory.Move(_machine.First.Folder, away);
        try
        {
            await _machine.EndAsync(Host.RollBack("a test", static _ => { }), 0);
        }
        finally
        {
            Directory.Move(away, _machine.First.Folder);
        }

        await AssertServedAsync(old, _machine.First);
        Assert.False(Host.Runs(target));
    }

    [Fact]
    public async Task A_journal_that_cannot_be_true_stops_nothing()
    {
        var (old, target) = (_machine.Current, _machine.Idle);
        await _machine.CutAsync(_machine.Second, WaitStep, isDone: false);
        foreach (var (field, value) in new[] { ("target", old), ("from", target), ("step", "4x"), ("undo", "perhaps") })
        {
            Host.EditJournal(field == "target" ? [("target", old), ("from", target)] : [(field, value)]);

            Assert.Contains("cannot be true", await _machine.EndAsync(_machine.Deploy(_machine.Second), 3), StringComparison.Ordinal);
            Assert.Contains("cannot be true", await _machine.EndAsync(Host.RollBack("a test", static _ => { }), 3), StringComparison.Ordinal);

            Assert.True(Host.Runs(old) && Host.Runs(target));
            Host.EditJournal(("target", target), ("from", old), ("step", "4"), ("undo", ""));
        }

        await _machine.EndAsync(Host.RollBack("a test", static _ => { }), 0);
        await AssertServedAsync(old, _machine.First);
        Assert.False(Host.Runs(target));
    }

    [Fact]
    public async Task Workers_whose_nginx_was_killed_are_replaced()
    {
        var target = _machine.Idle;
        await _machine.CutAsync(_machine.First, WaitStep, isDone: true);
        Host.KillNginx();

        await _machine.EndAsync(_machine.Deploy(_machine.First), 0);

        await AssertServedAsync(target, _machine.First);
    }

    [Fact]
    public async Task Nobody_is_led_away_from_a_colour_that_is_well_to_one_that_does_not_come_up()
    {
        var (old, target) = (_machine.Current, _machine.Idle);
        await _machine.CutAsync(_machine.Second, WatchStep, isDone: false, ("WATCH_SECONDS", "20"));
        Host.EditJournal(("undo", "after"), ("reason", "a test"));
        Host.Kill(old);

        var run = Host.Start([], Host.WithoutKey, ("READY_TIMEOUT", "3"));
        Assert.Equal(1, await run.EndAsync());

        Assert.Contains(run.Lines, line => line.Contains($"visitors stay with {target}", StringComparison.Ordinal));
        await AssertAnsweredAsync();
        await _machine.EndAsync(Host.RollBack("a test", static _ => { }), 0);
        await AssertServedAsync(old, _machine.First);
    }

    [Fact]
    public async Task Of_two_deploys_at_once_one_is_refused_though_the_other_has_not_said_yet_who_it_is()
    {
        var run = _machine.Deploy(_machine.First, ("WATCH_SECONDS", "6"));
        Assert.True(await run.UntilAsync(() => Host.ReadJournal().Step >= WaitStep), string.Join('\n', run.Lines));
        var holder = Host.ReadLine("deploy.holder");
        File.WriteAllText(Path.Combine(Host.State, "deploy.holder"), "4194305 a killed one\n");

        var other = _machine.Deploy(_machine.Second);
        Assert.True(await other.UntilAsync(() => other.Lines.Any(line => line.Contains("is gone; waiting", StringComparison.Ordinal))), string.Join('\n', other.Lines));
        File.WriteAllText(Path.Combine(Host.State, "deploy.holder"), holder + "\n");

        Assert.Contains("Another deploy or rollback holds the lock", await _machine.EndAsync(other, 4), StringComparison.Ordinal);
        await _machine.EndAsync(run, 0);
    }

    [Fact]
    public async Task A_stop_that_waits_for_a_deploy_has_stopped_nothing_yet()
    {
        var run = _machine.Deploy(_machine.First, ("WATCH_SECONDS", "4"));
        Assert.True(await run.UntilAsync(() => Host.ReadJournal().Step >= WatchStep), string.Join('\n', run.Lines));
        var stop = Host.Start(["--stop"]);
        Assert.False(
            await run.UntilAsync(() => File.Exists(Path.Combine(Host.State, "stopped")) && Host.ReadJournal().Step > 0),
            "it is said to be stopped while the deploy runs");

        await _machine.EndAsync(run, 0);
        await _machine.EndAsync(stop, 0);

        Assert.False(Host.Runs("blue") || Host.Runs("green"));
        Assert.NotEmpty(Host.ReadLine("stopped"));
        await _machine.EndAsync(Host.Start([]), 0);
        await AssertServedAsync(_machine.Current, _machine.First);
    }

    /// <summary>Visitors are served by this colour, which runs from this release, and no deploy is unfinished.</summary>
    private async Task AssertServedAsync(string colour, Release release)
    {
        Assert.Equal(colour, Host.Current);
        Assert.Equal(release.Folder, Host.RunningRelease(colour));
        Assert.Equal(0, Host.ReadJournal().Step);
        await AssertAnsweredAsync();
    }

    private async Task AssertAnsweredAsync()
    {
        using var http = new HttpClient(FrontDoorClient.Handler(keepsConnections: false)) { BaseAddress = Host.Url };
        foreach (var path in (string[])["health/websocket", "health/api"])
        {
            using var answer = await http.GetAsync(path, TestTimeout.Token());
            Assert.True(answer.IsSuccessStatusCode, $"/{path} answers {(int)answer.StatusCode}\n{Host.LastLines()}");
        }
    }
}
