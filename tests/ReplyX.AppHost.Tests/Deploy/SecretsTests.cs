using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ReplyX.Testing;

namespace ReplyX.AppHost.Tests.Deploy;

/// <summary>What deploy/secrets/create.sh makes.</summary>
public sealed class SecretsTests
{
    private const UnixFileMode ForGroup = UnixFileMode.UserRead | UnixFileMode.GroupRead;

    [Fact]
    public async Task All_that_the_files_name_are_made_once_for_one_group()
    {
        using var folder = new TempDirectory();
        var secrets = folder.File("secrets");

        var output = await CreateAsync(secrets);

        var declared = ComposeFiles.Read(ComposeFiles.Shared)["secrets"]!.AsObject().Select(secret => secret.Key).Order(StringComparer.Ordinal).ToArray();
        var made = Directory.EnumerateFiles(secrets).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(declared, made);
        Assert.All(made, name => Assert.Equal(ForGroup, File.GetUnixFileMode(Path.Combine(secrets, name))));
        Assert.All(made, name => Assert.Contains($"`{name}`", File.ReadAllText(Repository.File("deploy/secrets/README.md")), StringComparison.Ordinal));
        var values = made.ToDictionary(name => name, name => File.ReadAllText(Path.Combine(secrets, name)));
        Assert.All(values.Values.Where(value => value.Length > 20), value => Assert.DoesNotContain(value.Trim(), output, StringComparison.Ordinal));

        // Redis has the hash of what the services have, and no more.
        var password = values["ConnectionStrings__redis"].Trim().Split("password=")[1];
        Assert.Contains('#' + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(password))), values["redis.acl"], StringComparison.Ordinal);
        Assert.DoesNotContain(password, values["redis.acl"], StringComparison.Ordinal);

        // What is there stays; what was removed is made anew.
        File.Delete(Path.Combine(secrets, "Metrics__Token"));
        await CreateAsync(secrets);
        Assert.Equal(["Metrics__Token"], made.Where(name => File.ReadAllText(Path.Combine(secrets, name)) != values[name]));
    }

    [Fact]
    public async Task Redis_takes_the_password_and_its_health_check_may_do_nothing_else()
    {
        var server = RequiredTool.Path("redis-server");
        var cli = RequiredTool.Path("redis-cli");
        using var folder = new TempDirectory();
        await CreateAsync(folder.Path);
        var password = (await File.ReadAllTextAsync(folder.File("ConnectionStrings__redis"), TestTimeout.Token())).Trim().Split("password=")[1];
        var socket = folder.File("redis.sock");
        using var redis = Process.Start(new ProcessStartInfo(
            server, ["--port", "0", "--unixsocket", socket, "--dir", folder.Path, "--save", "", "--aclfile", folder.File("redis.acl")])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            while (await redis.StandardOutput.ReadLineAsync(TestTimeout.Token()) is { } line && !line.Contains("ready to accept connections", StringComparison.OrdinalIgnoreCase))
            {
            }

            Assert.Contains("NOAUTH", await AskAsync("SET", "a", "1"), StringComparison.Ordinal);
            Assert.Contains("OK", await AskAsync("-a", password, "SET", "a", "1"), StringComparison.Ordinal);
            // As the health check of the compose file asks.
            Assert.Contains("PONG", await AskAsync("--user", "health", "--pass", "none", "ping"), StringComparison.Ordinal);
            Assert.Contains("NOPERM", await AskAsync("--user", "health", "--pass", "none", "get", "a"), StringComparison.Ordinal);
        }
        finally
        {
            redis.Kill();
            await redis.WaitForExitAsync(CancellationToken.None);
        }

        async Task<string> AskAsync(params string[] arguments) =>
            (await Command.RunAsync(new ProcessStartInfo(cli, ["--no-auth-warning", "-s", socket, .. arguments]))).Output;
    }

    [Theory]
    [InlineData("0")]
    [InlineData("no-such-group-here")]
    [InlineData("")]
    public async Task A_group_for_all_is_refused(string group)
    {
        using var folder = new TempDirectory();

        var (exitCode, _) = await Command.RunAsync(new ProcessStartInfo(
            RequiredTool.Path("bash"), [Repository.File("deploy/secrets/create.sh"), "--directory", folder.File("secrets"), .. group is "" ? (string[])[] : ["--group", group]]));

        Assert.Equal(64, exitCode);
        Assert.False(Directory.Exists(folder.File("secrets")));
    }

    private static async Task<string> CreateAsync(string folder)
    {
        // Root may give a file to any group, others to their own.
        var group = Environment.UserName == "root" ? "40123" : (await Command.RunAsync(new ProcessStartInfo("id", ["-g"]))).Output.Trim();
        var (exitCode, output) = await Command.RunAsync(new ProcessStartInfo(
            RequiredTool.Path("bash"), [Repository.File("deploy/secrets/create.sh"), "--directory", folder, "--group", group]));
        Assert.True(exitCode == 0, output);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"REPLYX_SECRETS_GID={group}"), output, StringComparison.Ordinal);
        return output;
    }
}
