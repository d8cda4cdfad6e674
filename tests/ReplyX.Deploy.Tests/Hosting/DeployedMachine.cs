namespace ReplyX.Deploy.Tests.Hosting;

/// <summary>A machine on which one release was deployed twice, so that each colour has something to go back to, and no visitor is.</summary>
public sealed class DeployedMachine : IAsyncLifetime
{
    private DeployedHost? _host;

    internal DeployedHost Host => _host!;

    internal Release First { get; private set; } = null!;

    internal Release Second { get; private set; } = null!;

    internal string Current => Host.Current;

    internal string Idle => Current == "blue" ? "green" : "blue";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        // What a fixture throws fails its tests, a missing tool too: that is theirs to say.
        if (!DeployedHost.CanStart)
        {
            return;
        }

        _host = await DeployedHost.StartAsync();
        (First, Second) = (_host.Release('1'), _host.Release('2'));
        for (var i = 0; i < 2; i++)
        {
            await EndAsync(Deploy(First), 0);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    /// <summary>Starts a deploy without real messages, and with little of a watch.</summary>
    internal ScriptRun Deploy(Release release, params (string Name, string Value)[] settings)
        => Host.Deploy(release, static _ => { }, [("SMOKE_SITE_TOKEN_FILE", ""), ("WATCH_SECONDS", "1"), ("VERIFY_TIMEOUT", "15"), .. settings]);

    /// <summary>Waits for a script's end.</summary>
    /// <returns>What it said.</returns>
    internal async Task<string> EndAsync(ScriptRun run, int expected)
    {
        var code = await run.EndAsync();
        var said = string.Join('\n', run.Lines);
        Assert.True(code == expected, $"ended with {code}, not {expected}:\n{said}\n{Host.LastLines()}");
        return said;
    }

    /// <summary>Deploys, and kills the script when a step is done, or begun.</summary>
    internal async Task CutAsync(Release release, int step, bool isDone, params (string Name, string Value)[] settings)
    {
        var run = Deploy(release, settings);
        Assert.True(
            await run.UntilAsync(() => Host.ReadJournal() is var at && (at.Step > step || (at.Step == step && (at.IsDone || !isDone)))),
            $"it ended before step {step}: {string.Join('\n', run.Lines)}");
        run.Send(ReplyX.Testing.Signal.Kill);
        await run.EndAsync();
    }
}
