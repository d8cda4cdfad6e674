using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text.RegularExpressions;
using ReplyX.Deploy.Tests.Hosting;
using ReplyX.Deploy.Tests.Traffic;
using ReplyX.Recorder.Judging;
using ReplyX.Testing;

namespace ReplyX.Deploy.Tests;

/// <summary>
/// A deployment with everybody on it, and what happens to it over a long day, in a few minutes. REPLYX_REHEARSAL=long has a deploy of its
/// own killed at each step, before and after it is done; deploys that are interrupted; and a node that stops without ending.
/// </summary>
public sealed partial class Rehearsal : IAsyncLifetime
{
    internal const string Good = "a good deploy";
    internal const string WithoutKey = "a deploy without a signing key";
    internal const string OnOtherRedis = "a deploy on another Redis";
    internal const string Refused = "a deploy that nginx refuses";
    internal const string RolledBack = "a rollback";
    internal const string Cut = "a deploy that is killed at every step";
    internal const string Dead = "a rollback from a colour that is dead";
    internal const string Failing = "a deploy whose node dies in the watch";
    internal const string Hanging = "a deploy whose node hangs in the watch";

    private const int FirstInJournal = 3;
    private const int LastStep = 10;
    private const int WaitStep = 4;
    private const int SmokeStep = 5;
    private const int WatchStep = 9;
    private const int Killed = 137;
    private const int Interrupted = 143;

    private static readonly TimeSpan _rowEvery = TimeSpan.FromSeconds(5);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ConcurrentQueue<string> _timeline = new();
    private readonly ConcurrentDictionary<string, string> _colours = new();
    private readonly Dictionary<string, Act> _acts = [];
    private int? _notMoved;
    private DeployedHost? _host;
    private Everybody? _everybody;
    private FrontDoorProbe? _probe;
    private ExceptionDispatchInfo? _broken;

    /// <summary>Whether the long form runs.</summary>
    internal static bool IsLong => Environment.GetEnvironmentVariable("REPLYX_REHEARSAL") == "long";

    internal Violations Violations { get; private set; } = new();

    internal long Deliveries { get; private set; }

    internal long Acknowledged => _everybody?.Acknowledged ?? 0;

    internal int Sockets => _everybody?.Sockets ?? 0;

    internal IReadOnlyCollection<string> FailedRequests => _everybody!.Requests.Failures;

    internal long Requests => _everybody!.Requests.Count;

    internal long SentAgain => _everybody!.Requests.Again;

    internal IReadOnlyCollection<string> FailedProbes => _probe!.Failures;

    internal long Probes => _probe!.Count;

    /// <summary>What a second deploy said while the first one ran.</summary>
    internal int SecondDeploy { get; private set; }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        try
        {
            _host = await DeployedHost.StartAsync();
            await RunAsync(_host);
        }
        catch (Exception e)
        {
            // Each test says so, those excepted whose act came before it. A missing tool skips each, too.
            _broken = ExceptionDispatchInfo.Capture(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_probe is not null)
        {
            await _probe.DisposeAsync();
        }

        if (_everybody is not null)
        {
            await _everybody.DisposeAsync();
        }

        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    /// <summary>An act that was played.</summary>
    internal Act Act(string name)
    {
        if (_acts.TryGetValue(name, out var act))
        {
            return act;
        }

        Finish();
        throw new InvalidOperationException($"{name} did not come to its end");
    }

    /// <summary>Fails if the rehearsal did not come to its end.</summary>
    internal void Finish()
    {
        if (_broken is { SourceException: var cause })
        {
            if (_host is null)
            {
                _broken.Throw();
            }

            throw new InvalidOperationException($"the rehearsal broke off: {cause}\n{Story()}");
        }
    }

    /// <summary>What happened when.</summary>
    internal string Timeline() => string.Join('\n', _timeline);

    /// <summary>The same, and the last lines of all logs.</summary>
    internal string Story() => $"{Timeline()}\n{_host?.LastLines()}";

    private async Task RunAsync(DeployedHost host)
    {
        var (first, second) = (host.Release('1'), host.Release('2'));
        Row("two releases are made");
        await PlayAsync("the first deploy", () => host.Deploy(first, Row, ("SMOKE_SITE_TOKEN_FILE", "")), 0);
        _everybody = new Everybody(host);
        await _everybody.StartAsync();
        _probe = new FrontDoorProbe(host.Url);
        Row("everybody is there");
        using var over = new CancellationTokenSource();
        var rows = RowsAsync(over.Token);

        await PlayAsync(WithoutKey, () => host.Deploy(second, Row, host.WithoutKey), 2);
        await PlayAsync(OnOtherRedis, () => host.Deploy(second, Row, host.OnOtherRedis), 2);
        await PlayRefusedAsync(second);
        await PlayAsync(Good, () => host.Deploy(second, Row), 0, async run =>
        {
            Assert.True(await run.UntilAsync(() => host.ReadJournal().Step >= WaitStep));
            SecondDeploy = await host.Deploy(first, Row).EndAsync();
        });
        await PlayAsync(RolledBack, () => host.RollBack("the rehearsal", Row), 0);
        if (IsLong)
        {
            await PlayInterruptedAsync(Newer());
            for (var step = FirstInJournal; step <= LastStep; step++)
            {
                await PlayCutAsync($"{Cut}: {step} begun", Newer(), Signal.Kill, (step, false));
                if (step < LastStep)
                {
                    await PlayCutAsync($"{Cut}: {step} done", Newer(), Signal.Kill, (step, true));
                }
            }
        }

        await PlayCutAsync(Cut, Newer(), Signal.Kill, [.. Enumerable.Range(FirstInJournal, LastStep - FirstInJournal + 1).Select(step => (step, false))]);
        await PlayDeadAsync();
        await PlayFaultAsync(Failing, Newer(), Signal.Kill);
        if (IsLong)
        {
            await PlayFaultAsync(Hanging, Newer(), Signal.Stop);
        }

        await over.CancelAsync();
        await rows;
        Row("all is over; judged");
        (Violations, Deliveries) = await _everybody.JudgeAsync();

        // The one that does not run.
        Release Newer() => File.ReadAllText(Path.Combine(host.State, host.Current + ".release")).Trim() == first.Folder ? second : first;
    }

    /// <summary>Runs a script to its end, and waits until everybody is where they should be then.</summary>
    private async Task PlayAsync(string name, Func<ScriptRun> start, int expected, Func<ScriptRun, Task>? meanwhile = null)
    {
        Row($"== {name}");
        var before = _everybody?.Connects;
        var run = start();
        if (meanwhile is not null)
        {
            await meanwhile(run);
        }

        await EndAsync(name, [await run.EndAsync()], [.. run.Lines], before, expected);
    }

    /// <summary>nginx does not take its configuration when it comes to the switch: visitors stay where they are.</summary>
    private async Task PlayRefusedAsync(Release release)
    {
        IDisposable? broken = null;
        try
        {
            await PlayAsync(Refused, () => _host!.Deploy(release, Row), 2, async run =>
            {
                Assert.True(await run.UntilAsync(() => _host!.ReadJournal().Step >= SmokeStep), string.Join('\n', run.Lines));
                broken = _host!.BreakNginx();
            });
        }
        finally
        {
            broken?.Dispose();
        }
    }

    /// <summary>SIGTERM: before the switch all is undone, after it the same command goes on.</summary>
    private async Task PlayInterruptedAsync(Release release)
    {
        await PlayAsync("a deploy that is interrupted before the switch", () => _host!.Deploy(release, Row), Interrupted, async run =>
        {
            Assert.True(await run.UntilAsync(() => _host!.ReadJournal().Step >= SmokeStep), string.Join('\n', run.Lines));
            await run.TerminateAsync();
        });
        await PlayCutAsync("a deploy that is interrupted after the switch", release, Signal.Terminate, (WatchStep, false));
    }

    /// <summary>A deploy that gets a signal at some moments, and each time is begun again.</summary>
    private async Task PlayCutAsync(string name, Release release, int signal, params IReadOnlyList<(int Step, bool IsDone)> moments)
    {
        Row($"== {name}");
        var before = _everybody!.Connects;
        List<int> codes = [];
        List<string> lines = [];
        foreach (var (step, isDone) in moments)
        {
            var run = _host!.Deploy(release, Row);
            Assert.True(
                await run.UntilAsync(() => _host.ReadJournal() is var at && (at.Step > step || (at.Step == step && (at.IsDone || !isDone)))),
                $"{name}: it ended before step {step}: {string.Join('\n', run.Lines)}\n");
            if (signal == Signal.Terminate)
            {
                codes.Add(await run.TerminateAsync());
            }
            else
            {
                run.Send(signal);
                codes.Add(await run.EndAsync());
            }

            lines.AddRange(run.Lines);
            Row(string.Create(CultureInfo.InvariantCulture, $"got signal {signal} when step {step} was {(isDone ? "done" : "begun")}"));
            Assert.True(codes[^1] == (signal == Signal.Kill ? Killed : Interrupted), $"{name}: it ended with {codes[^1]}");
        }

        var last = _host!.Deploy(release, Row);
        codes.Add(await last.EndAsync());
        lines.AddRange(last.Lines);
        await EndAsync(name, codes, lines, before, 0);
    }

    /// <summary>All of the current colour is killed. Visitors are not served until the rollback: that is not its doing.</summary>
    private async Task PlayDeadAsync()
    {
        Row($"== {Dead}");
        var before = _everybody!.Connects;
        _everybody.Requests.IsOutage = _probe!.IsOutage = true;
        foreach (var kind in (string[])["api", "realtime"])
        {
            foreach (var process in _host!.Processes(_host.Current, kind))
            {
                using var dead = Process.GetProcessById(process);
                dead.Send(Signal.Kill);
            }
        }

        var run = _host!.RollBack("the colour is dead", Row);
        var code = await run.EndAsync();
        await EndAsync(Dead, [code], [.. run.Lines], before, 0);
        _everybody.Requests.IsOutage = _probe.IsOutage = false;
    }

    /// <summary>A deploy of which something happens to a new node while it is watched.</summary>
    private async Task PlayFaultAsync(string name, Release release, int signal)
    {
        var target = _host!.Current == "blue" ? "green" : "blue";
        await PlayAsync(name, () => _host.Deploy(release, Row, ("WATCH_SECONDS", "120")), 1, async run =>
        {
            Assert.True(await run.UntilAsync(() => _host.ReadJournal().Step >= WatchStep), $"{name}: {string.Join('\n', run.Lines)}");
            using var node = Process.GetProcessById(_host.Processes(target, "realtime")[0]);
            // What was on its way to a node that hangs is lost with it when that is killed.
            _probe!.IsOutage = signal == Signal.Stop;
            node.Send(signal);
            Row("a new node has got signal " + signal.ToString(CultureInfo.InvariantCulture));
        });
        _probe!.IsOutage = false;
    }

    private async Task EndAsync(string name, IReadOnlyList<int> codes, IReadOnlyList<string> lines, IReadOnlyList<long>? before, int expected)
    {
        if (codes[^1] != expected)
        {
            throw new InvalidOperationException($"{name} ended with {codes[^1]}, not {expected}");
        }

        if (_everybody is not null)
        {
            NoteColours();
            var current = _host!.Current;
            await _everybody.SettleAsync(node => ColourOf(node) == current);
        }

        var connects = before is null ? [] : _everybody!.Connects.Zip(before, (now, then) => now - then).ToList();
        _acts[name] = new Act(name, codes, lines, _host!.Current, connects, _notMoved);
        _notMoved = null;
    }

    // --- The timeline ---------------------------------------------------------------------------------------------------------

    private async Task RowsAsync(CancellationToken over)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_rowEvery, over);
                Row("");
            }
        }
        catch (OperationCanceledException)
        {
            // Over.
        }
    }

    private void Row(string what)
    {
        NoteColours();
        var said = Time().Replace(what, "");
        var figures = "";
        if (_everybody is { Sockets: > 0 } everybody)
        {
            var colours = everybody.Nodes.Select(node => node is null ? "down" : ColourOf(node)).CountBy(colour => colour).ToDictionary();
            figures = string.Create(
                CultureInfo.InvariantCulture,
                $"blue {colours.GetValueOrDefault("blue"),3}  green {colours.GetValueOrDefault("green"),3}  down {colours.GetValueOrDefault("down"),3}  reconnects {everybody.Reconnects,5}  messages {everybody.Acknowledged,5}");
        }

        if (said.StartsWith("[ 9/10]", StringComparison.Ordinal) && _everybody is not null)
        {
            var before = _host!.Current == "blue" ? "green" : "blue";
            _notMoved = _everybody.Nodes.Count(node => node is not null && ColourOf(node) == before);
        }

        _timeline.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds,6:0.0}  {figures,-68}  {said}"));
    }

    /// <summary>A node's id has its process' number in it.</summary>
    private string ColourOf(string node) => _colours.FirstOrDefault(known => node.Contains($"-{known.Key}-", StringComparison.Ordinal)).Value ?? "?";

    private void NoteColours()
    {
        if (_host is null)
        {
            return;
        }

        foreach (var colour in (string[])["blue", "green"])
        {
            foreach (var process in _host.Processes(colour, "realtime"))
            {
                _colours[process.ToString(CultureInfo.InvariantCulture)] = colour;
            }
        }
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT[\d:]+Z ")]
    private static partial Regex Time();
}
