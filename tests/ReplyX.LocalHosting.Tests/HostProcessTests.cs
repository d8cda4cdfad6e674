using System.Net;
using System.Net.Sockets;
using ReplyX.LocalHosting.Tests.Support;
using ReplyX.Testing;

namespace ReplyX.LocalHosting.Tests;

/// <summary>What a user sees who runs the host: lines, exit codes, and no process left behind.</summary>
public sealed class HostProcessTests
{
    private const int Interrupt = 2;
    private const int Terminate = 15;

    [Fact]
    public async Task Says_The_Engine_Then_Prefixed_Lines_Then_Each_Resource_And_That_It_Is_Ready()
    {
        await using var host = HostProcess.Start("--Env:second:TEST_SAY=good morning");
        await host.UntilReadyAsync();

        Assert.StartsWith("Engine: local (", host.Output[0], StringComparison.Ordinal);
        Assert.Contains(host.Output, line => line.StartsWith("second-1", StringComparison.Ordinal) && line.EndsWith("| good morning", StringComparison.Ordinal));
        Assert.Contains(host.Output, line => line.StartsWith("second-2", StringComparison.Ordinal) && line.EndsWith("| good morning", StringComparison.Ordinal));
        Assert.Single(host.Output, line => line.Contains("first", StringComparison.Ordinal) && line.Contains("(the first)", StringComparison.Ordinal));
        Assert.Single(host.Output, line => line.Contains("/more (more of it)", StringComparison.Ordinal) && line.Contains("http://127.0.0.1:", StringComparison.Ordinal));
        Assert.Single(host.Output, line => line.Contains("healthy, 2 replicas", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Terminate)]
    public async Task Stops_With_Exit_Code_0_And_Leaves_Nothing_When_Asked_To(int signal)
    {
        if (IsIgnored(signal))
        {
            Assert.Skip($"signal {signal} is ignored here, as a shell makes it for jobs in the background, and children inherit that");
        }

        await using var host = HostProcess.Start();
        await host.UntilReadyAsync();
        Assert.NotEmpty(host.Left());

        host.Process.Send(signal);

        Assert.Equal(0, await host.ExitCodeAsync());
        Assert.Empty(host.Left());
    }

    [Fact]
    public async Task Kills_What_Ignores_Its_Wish_To_Stop_And_Exits_0()
    {
        await using var host = HostProcess.Start("--Env:first:TEST_IGNORE_SIGTERM=1", "--Env:first:TEST_GRANDCHILD=1", "--LocalHosting:StopGrace=00:00:01");
        await host.UntilReadyAsync();

        host.Process.Send(Terminate);

        Assert.Equal(0, await host.ExitCodeAsync());
        Assert.Empty(host.Left());
    }

    [Fact]
    public async Task Stops_In_Reverse_Order()
    {
        await using var host = HostProcess.Start("--Env:first:TEST_IGNORE_SIGTERM=1", "--LocalHosting:StopGrace=00:00:02");
        await host.UntilReadyAsync();

        host.Process.Send(Terminate);

        // The first ignores SIGTERM and is killed after its grace time. Those that waited for it must have ended before.
        var second = Path.GetFileName("ReplyX.LocalHosting.TestService.dll");
        await WaitAsync(() => host.Left().Count(line => line.StartsWith(line.Split(' ')[0] + " dotnet", StringComparison.Ordinal) && line.Contains(second, StringComparison.Ordinal)) == 1);
        Assert.Equal(0, await host.ExitCodeAsync());
    }

    [Fact]
    public async Task Leaves_No_Process_When_It_Is_Killed()
    {
        await using var host = HostProcess.Start("--Env:first:TEST_IGNORE_SIGTERM=1", "--Env:second:TEST_GRANDCHILD=1", "--LocalHosting:StopGrace=00:00:01");
        await host.UntilReadyAsync();
        Assert.Contains(host.Left(), line => line.Contains("sleep 1000", StringComparison.Ordinal));

        host.Process.Send(Signal.Kill);

        await host.UntilNothingIsLeftAsync();
    }

    [Fact]
    public async Task Leaves_No_Process_When_It_Is_Killed_While_It_Starts()
    {
        await using var host = HostProcess.Start("--Env:first:TEST_UNREADY_SECONDS=1000", "--Env:first:TEST_SAY=started");
        await WaitAsync(() => host.Output.Any(line => line.EndsWith("| started", StringComparison.Ordinal)));

        host.Process.Send(Signal.Kill);

        await host.UntilNothingIsLeftAsync();
    }

    [Theory]
    [InlineData("first")]
    [InlineData("second")]
    public async Task Names_Port_And_Resource_In_One_Line_And_Starts_Nothing_If_The_Port_Is_Taken(string resource)
    {
        using var taker = new TcpListener(IPAddress.Any, 0);
        taker.Start();
        var port = ((IPEndPoint)taker.LocalEndpoint).Port;

        await using var host = HostProcess.Start($"--Port:{resource}={port}", "--Env:first:TEST_SAY=started");

        Assert.Equal(1, await host.ExitCodeAsync());
        var line = Assert.Single(host.Errors);
        Assert.Contains($"Port {port} of resource '{resource}' is taken", line, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Output, output => output.Contains("started", StringComparison.Ordinal));
        Assert.Empty(host.Left());
    }

    [Fact]
    public async Task Names_A_Resource_That_Dies_With_Its_Last_Lines()
    {
        await using var host = HostProcess.Start("--Env:first:TEST_EXIT_CODE=7");

        Assert.Equal(1, await host.ExitCodeAsync());
        var told = string.Join('\n', host.Errors);
        Assert.Contains("Resource 'first' failed: ended with exit code 7", told, StringComparison.Ordinal);
        Assert.Contains("    about to fail", told, StringComparison.Ordinal);
        Assert.Empty(host.Left());
    }

    [Fact]
    public async Task Names_A_Resource_That_Never_Becomes_Healthy_And_Says_Why()
    {
        await using var host = HostProcess.Start(
            "--Env:first:TEST_UNREADY_SECONDS=1000", "--Env:first:TEST_SAY=I shall not be ready", "--LocalHosting:ReadyTimeout=00:00:05");

        Assert.Equal(1, await host.ExitCodeAsync());
        var told = string.Join('\n', host.Errors);
        Assert.Contains("Resource 'first' did not become healthy within 5 s", told, StringComparison.Ordinal);
        Assert.Contains("/health/ready answers 503", told, StringComparison.Ordinal);
        Assert.Contains("I shall not be ready", told, StringComparison.Ordinal);
        Assert.Empty(host.Left());
    }

    [Fact]
    public async Task Tells_Of_A_Resource_That_Dies_Later_And_Runs_On()
    {
        await using var host = HostProcess.Start("--Env:second:TEST_SAY=before the end");
        await host.UntilReadyAsync();
        var victim = host.Left().First(line => line.Contains("--target", StringComparison.Ordinal) && line.Contains(" dotnet ", StringComparison.Ordinal));

        System.Diagnostics.Process.GetProcessById(int.Parse(victim.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)).Send(Signal.Kill);

        await WaitAsync(() => host.Errors.Any(line => line.Contains("ended by itself with exit code 137", StringComparison.Ordinal)));
        Assert.False(host.Process.HasExited);
    }

    [Fact]
    public async Task Refuses_To_Publish_In_One_Line()
    {
        await using var host = HostProcess.Start("--operation", "publish", "--output-path", "published");

        Assert.Equal(1, await host.ExitCodeAsync());
        Assert.Contains("Publishing needs Aspire", Assert.Single(host.Errors), StringComparison.Ordinal);
        Assert.Empty(host.Output);
        Assert.Empty(host.Left());
    }

    [Fact]
    public async Task Refuses_An_Https_Endpoint_In_One_Line()
    {
        await using var host = HostProcess.Start("--WithHttps=true");

        Assert.Equal(1, await host.ExitCodeAsync());
        Assert.Contains("'first' has an https endpoint", Assert.Single(host.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_A_Container_In_One_Line()
    {
        await using var host = HostProcess.Start("--WithContainer=true");

        Assert.Equal(1, await host.ExitCodeAsync());
        Assert.Contains("'redis' is a container", Assert.Single(host.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_No_Query_String_Of_What_Its_Proxy_Forwards()
    {
        var port = FreePort.Next();
        await using var host = HostProcess.Start($"--Port:second={port}", "--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Yarp=Trace");
        await host.UntilReadyAsync();

        using var client = new HttpClient();
        Assert.NotEmpty(await client.GetStringAsync(new Uri($"http://localhost:{port}/pid?token=CANARY"), TestContext.Current.CancellationToken));
        await Assert.ThrowsAnyAsync<Exception>(() => Sockets.ConnectAsync(new Uri($"ws://localhost:{port}/no-such?token=CANARY")));
        host.Process.Send(Terminate);
        await host.ExitCodeAsync();

        Assert.DoesNotContain("CANARY", host.Everything(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_A_Generated_Parameter_In_The_User_Secrets()
    {
        using var home = new TempDirectory();
        var variables = new Dictionary<string, string> { ["HOME"] = home.Path, ["APPDATA"] = home.Path };

        var one = await SecretAsync();
        var two = await SecretAsync();

        Assert.Equal(24, one.Length);
        Assert.Equal(one, two);
        var file = Directory.GetFiles(home.Path, "secrets.json", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Single();
        Assert.Contains($"\"Parameters:a-secret\": \"{one}\"", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        async Task<string> SecretAsync()
        {
            var port = FreePort.Next();
            await using var host = HostProcess.Start(variables, $"--Port:second={port}");
            await host.UntilReadyAsync();
            using var client = new HttpClient();
            var environment = await System.Net.Http.Json.HttpClientJsonExtensions.GetFromJsonAsync<Dictionary<string, string>>(
                client, new Uri($"http://localhost:{port}/environment"), TestContext.Current.CancellationToken);
            Assert.DoesNotContain(environment!["A_SECRET"], host.Everything(), StringComparison.Ordinal);
            return environment["A_SECRET"];
        }
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        var limit = TestTimeout.Token();
        while (!condition())
        {
            await Task.Delay(20, limit);
        }
    }

    private static bool IsIgnored(int signal)
    {
        const string Ignored = "SigIgn:";
        var line = (File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status") : []).FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal));
        return line is not null && (Convert.ToUInt64(line[Ignored.Length..].Trim(), 16) & (1UL << (signal - 1))) != 0;
    }
}
