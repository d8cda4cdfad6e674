using System.Diagnostics;
using System.Text.Json;
using ReplyX.Deploy.Tests.LastRelease;
using ReplyX.Recorder.Cluster;
using ReplyX.Smoke;
using ReplyX.Testing;

namespace ReplyX.Deploy.Tests.Smoke;

/// <summary>The check on real services: those that work together pass, and what does not is named.</summary>
[Collection(OnTwoVersions.Name)]
public sealed class SmokeTests
{
    private readonly TwoVersions _versions;

    public SmokeTests(TwoVersions versions)
    {
        TwoVersions.Require();
        _versions = versions;
    }

    private static string Version => FileVersionInfo.GetVersionInfo(BuiltServices.Api).ProductVersion!;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_versions_that_work_together_pass(bool beginsOnOld)
    {
        var (one, other) = beginsOnOld ? (_versions.Old, _versions.New) : (_versions.New, _versions.Old);
        var (exitCode, output) = await RunAsync(
            ["--api", Url(one.Api), "--realtime", Url(one.Realtime), "--other-api", Url(other.Api), "--other-realtime", Url(other.Realtime)]);
        Assert.True(exitCode == 0, output);
        Assert.Equal(
            ["health", "refusal", "dialog", "sockets", "messages", "repeat", "resume", "heartbeat", "history"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
    }

    [Fact]
    public async Task The_version_is_asked_for_as_well()
    {
        string[] arguments = ["--api", Url(_versions.New.Api), "--realtime", Url(_versions.New.Realtime), "--json", "--expect-version"];
        var (exitCode, output) = await RunAsync([.. arguments, Version]);
        Assert.True(exitCode == 0, output);
        var answer = JsonElement.Parse(output);
        Assert.True(answer.GetProperty("ok").GetBoolean());
        Assert.All(answer.GetProperty("checks").EnumerateArray(), check => Assert.Equal("ok", check.GetProperty("outcome").GetString()));

        (exitCode, output) = await RunAsync([.. arguments, "another"]);
        Assert.Equal(1, exitCode);
        var failed = JsonElement.Parse(output).GetProperty("checks").EnumerateArray().Last();
        Assert.Equal("version", failed.GetProperty("name").GetString());
        Assert.Equal($"{Url(_versions.New.Api)} runs {Version}, not another", failed.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_node_on_another_Redis_is_named()
    {
        var (exitCode, output) = await RunAsync(
            ["--api", Url(_versions.New.Api), "--realtime", Url(_versions.New.Realtime), "--realtime", Url(_versions.Stray)]);
        Assert.Equal(1, exitCode);
        Assert.Contains($"failed   sockets    {Url(_versions.Stray)} does not know the dialog", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_answer_is_unreachable()
    {
        var nobody = $"http://127.0.0.1:{FreePort.Next()}";
        var (exitCode, output) = await RunAsync(["--api", Url(_versions.New.Api), "--realtime", nobody]);
        Assert.Equal(2, exitCode);
        Assert.StartsWith($"failed   health     {nobody}/health/websocket does not answer", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_node_fails()
    {
        var (exitCode, output) = await RunAsync(["--api", Url(_versions.New.Api), "--realtime", Url(_versions.New.Api)]);
        Assert.Equal(1, exitCode);
        Assert.StartsWith("failed   health", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_site_no_message_is_sent_and_it_says_so()
    {
        var (exitCode, output) = await RunAsync(
            ["--api", Url(_versions.New.Api), "--realtime", Url(_versions.New.Realtime)], new SmokeCredentials());
        Assert.Equal(0, exitCode);
        Assert.Contains("skipped  messages", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_guest_every_check_writes_in_one_dialog()
    {
        var opened = (await _versions.New.Client.OpenWidgetDialogAsync("demo")).Require();
        for (var i = 0; i < 2; i++)
        {
            var (exitCode, output) = await RunAsync(
                ["--api", Url(_versions.New.Api), "--realtime", Url(_versions.New.Realtime)], Credentials with { GuestToken = opened.GuestToken });
            Assert.True(exitCode == 0, output);
            Assert.Contains($"dialog {opened.Id}, widget path", output, StringComparison.Ordinal);
        }
    }

    private SmokeCredentials Credentials => new(AssistantId: "demo", PlatformToken: _versions.OperationsToken);

    private async Task<(int ExitCode, string Output)> RunAsync(string[] arguments, SmokeCredentials? credentials = null)
    {
        using var output = new StringWriter();
        var exitCode = await new SmokeCommand(output, output, TimeProvider.System).RunAsync(arguments, credentials ?? Credentials, TestTimeout.Token());
        return (exitCode, output.ToString());
    }

    private static string Url(ServiceProcess service) => service.Address.ToString().TrimEnd('/');
}
