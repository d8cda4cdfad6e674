using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using ReplyX.LocalHosting.Tests.Support;
using ReplyX.Testing;

namespace ReplyX.LocalHosting.Tests;

/// <summary>Commands, states and waits, as tests use them on either engine.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task A_Stopped_Resource_Fails_A_Plain_Wait_And_Passes_One_That_Is_Patient_Once_It_Is_Started()
    {
        await using var app = await Host.StartAsync();
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("second-1", "stop", TestTimeout.Token())).Success);

        var e = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.ResourceNotifications.WaitForResourceHealthyAsync("second", TestTimeout.Token()));
        Assert.Contains("'second-1'", e.Message, StringComparison.Ordinal);

        var patient = app.HealthyAgainAsync("second");
        Assert.False(patient.IsCompleted);
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("second-1", "start", TestTimeout.Token())).Success);
        await patient.Within("the second to be healthy again");
    }

    [Fact]
    public async Task What_Cannot_Be_Done_Is_A_Result_And_No_Exception()
    {
        await using var app = await Host.StartAsync();

        Assert.False((await app.ResourceCommands.ExecuteCommandAsync("nobody", "stop", TestTimeout.Token())).Success);
        Assert.False((await app.ResourceCommands.ExecuteCommandAsync("first", "fly", TestTimeout.Token())).Success);
        Assert.False((await app.ResourceCommands.ExecuteCommandAsync("first", "start", TestTimeout.Token())).Success);
    }

    [Fact]
    public async Task A_Command_Of_The_AppHost_Is_Told_What_It_Is_For()
    {
        await using var app = await Host.StartAsync();

        Assert.Equal("hello first", (await app.ResourceCommands.ExecuteCommandAsync("first", "greet", TestTimeout.Token())).Message);
        Assert.Equal("hello second-2", (await app.ResourceCommands.ExecuteCommandAsync("second-2", "greet", TestTimeout.Token())).Message);
    }

    [Fact]
    public async Task A_Name_That_Replicas_Share_Means_None_Of_Them()
    {
        await using var app = await Host.StartAsync();

        foreach (var command in (string[])["greet", "stop"])
        {
            var result = await app.ResourceCommands.ExecuteCommandAsync("second", command, TestTimeout.Token());
            Assert.Equal((false, "Resource 'second' not found."), (result.Success, result.Message));
        }
    }

    [Fact]
    public async Task A_Replica_Shows_The_Variables_That_It_Was_Started_With()
    {
        await using var app = await Host.StartAsync();

        Assert.True(app.ResourceNotifications.TryGetCurrentState("second-1", out var one));
        Assert.True(app.ResourceNotifications.TryGetCurrentState("second-2", out var two));
        var addresses = new[] { one, two }.Select(row => new Uri(row!.Snapshot.EnvironmentVariables.Single(variable => variable.Name == "ASPNETCORE_URLS").Value!)).ToArray();

        using var http = new HttpClient();
        var ids = new List<string>();
        foreach (var address in addresses)
        {
            ids.Add(await http.GetStringAsync(new Uri(address, "/pid"), TestContext.Current.CancellationToken));
        }

        Assert.Equal([$"{app.ProcessIdOf("second-1")}", $"{app.ProcessIdOf("second-2")}"], ids);
    }

    [Fact]
    public async Task A_Wait_That_Ends_Too_Early_Names_The_Resource_And_Its_Last_Lines()
    {
        await using var app = await Host.StartOnlyAsync("--Env:first:TEST_UNREADY_SECONDS=1000", "--Env:first:TEST_SAY=not yet");
        await app.ResourceNotifications.WaitForResourceAsync("first", KnownResourceStates.Running, TestTimeout.Token());
        await foreach (var lines in LinesOf(app, "first"))
        {
            Assert.Contains("not yet", lines);
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => app.ResourceNotifications.WaitForResourceHealthyAsync("first", patience.Token));
        Assert.Contains("'first' did not become healthy", e.Message, StringComparison.Ordinal);
        Assert.Contains("not yet", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Waits_For_A_Resource_That_Died_Fails_And_Says_So()
    {
        await using var app = await Host.StartOnlyAsync("--Env:first:TEST_EXIT_CODE=3");

        var e = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.ResourceNotifications.WaitForResourceHealthyAsync("second", TestTimeout.Token()));
        Assert.Contains("waits for 'first'", e.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 3", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watching_Shows_Every_Replica_And_A_Kill()
    {
        await using var app = await Host.StartAsync();
        var seen = new HashSet<string>();
        await foreach (var change in app.ResourceNotifications.WatchAsync(TestTimeout.Token()))
        {
            if (change.Snapshot.State?.Text == KnownResourceStates.Running && seen.Add(change.ResourceId) && change.ResourceId == "second-2")
            {
                System.Diagnostics.Process.GetProcessById(app.ProcessIdOf("second-2")).Send(Signal.Kill);
            }

            if (change is { ResourceId: "second-2", Snapshot.ExitCode: 137 })
            {
                break;
            }
        }

        Assert.Equal(["first", "my-store", "second-1", "second-2"], seen.Order());
    }

    /// <summary>The lines may be on their way still when the process is known to run.</summary>
    private static async IAsyncEnumerable<IEnumerable<string>> LinesOf(DistributedApplication app, string resource)
    {
        var logs = app.Services.GetRequiredService<ResourceLoggerService>();
        var limit = TestTimeout.Token();
        while (true)
        {
            await foreach (var lines in logs.GetAllAsync(resource))
            {
                if (lines.Count > 0)
                {
                    yield return lines.Select(line => line.Content);
                    yield break;
                }
            }

            await Task.Delay(20, limit);
        }
    }
}
