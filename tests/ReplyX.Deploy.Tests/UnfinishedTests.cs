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

    /// <summary>Visitors are served by this colour, which runs from this release, and no deploy is unfinished.</summary>
    private async Task AssertServedAsync(string colour, Release release)
    {
        Assert.Equal(colour, Host.Current);
        Assert.Equal(release.Folder, Host.RunningRelease(colour));
        Assert.Equal(0, Host.ReadJournal().Step);
        using var http = new HttpClient(FrontDoorClient.Handler(keepsConnections: false)) { BaseAddress = Host.Url };
        foreach (var path in (string[])["health/websocket", "health/api"])
        {
            using var answer = await http.GetAsync(path, TestTimeout.Token());
            Assert.True(answer.IsSuccessStatusCode, $"/{path} answers {(int)answer.StatusCode}\n{Host.LastLines()}");
        }
    }
}
