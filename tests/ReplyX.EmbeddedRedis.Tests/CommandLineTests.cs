using System.Diagnostics;
using System.Globalization;
using ReplyX.Testing;

namespace ReplyX.EmbeddedRedis.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", "--port is missing")]
    [InlineData("--port 7000", "--data is missing")]
    [InlineData("--port x --data d", "--port: 'x' is not a valid value")]
    [InlineData("--port 65536 --data d", "--port: '65536' is not a valid value")]
    [InlineData("--port 7000 --data d --bind nowhere", "--bind: 'nowhere' is not a valid value")]
    [InlineData("--port 7000 --data", "--data: a value is missing")]
    [InlineData("--prot 7000", "--prot: no such option")]
    public async Task A_wrong_command_line_is_one_line_and_exit_code_1(string arguments, string expected)
    {
        var (exitCode, error) = await RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"ReplyX.EmbeddedRedis: {expected}", error, StringComparison.Ordinal);
        Assert.Equal(0, error.TrimEnd().Count(c => c == '\n'));
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        await using var server = await RedisServer.StartAsync(RedisKind.Garnet);
        using var data = new TempDirectory();

        var (exitCode, error) = await RunAsync("--port", server.Port.ToString(CultureInfo.InvariantCulture), "--data", data.Path);

        Assert.Equal((1, $"ReplyX.EmbeddedRedis: port {server.Port} on 127.0.0.1 is taken"), (exitCode, error.TrimEnd()));
    }

    [Fact]
    public async Task Data_in_use_by_another_server_is_left_alone()
    {
        await using var server = await RedisServer.StartAsync(RedisKind.Garnet);

        var (exitCode, error) = await RunAsync("--port", FreePort.Next().ToString(CultureInfo.InvariantCulture), "--data", server.DataDirectory);

        Assert.Equal((1, $"ReplyX.EmbeddedRedis: another server uses {server.DataDirectory}"), (exitCode, error.TrimEnd()));
    }

    private static async Task<(int ExitCode, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [RedisServer.EmbeddedRedisAssembly, .. arguments]) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).Within("the server to give up");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).Within("the server to exit");
        return (process.ExitCode, error);
    }
}
