using System.Diagnostics;
using ReplyX.Testing;

namespace ReplyX.AppHost.Tests.Deploy;

/// <summary>
/// scripts/deploy/drivers/compose.sh, with a docker that only says what it is told to. deploy/rehearse-containers.sh has it deploy real ones.
/// </summary>
public sealed class ComposeDriverTests
{
    private const string Docker = """
        #!/usr/bin/env bash
        printf '%s\n' "$*" >>"$FAKE/calls"
        arguments=" $* "
        case $arguments in
          *' config --format json '*) cat "$FAKE/config.json" ;;
          *' ps --all '*) service=${arguments##*compose.service=}; cat "$FAKE/${service%% *}.id" 2>/dev/null ;;
          *' {{.RestartCount}} '*) echo 0 ;;
          *' inspect --format '*State.Status*'|'*) cat "$FAKE/${!#}.state" ;;
          *' inspect --format '*State.Status*) cut -d '|' -f 1 "$FAKE/${!#}.state" ;;
          *' image inspect '*':1.0.0 ') ;;
          *' image inspect '*) exit 1 ;;
          *' pull '*) echo 'no such image' >&2; exit 1 ;;
          *' logs '*) cat "$FAKE/${!#}.log" ;;
        esac
        """;

    [Fact]
    public async Task A_colour_is_what_the_files_say()
    {
        using var host = await FakeHost.CreateAsync();

        // Another node is another service, and no setting.
        var config = ComposeFiles.Read(ComposeFiles.Shared, ComposeFiles.Blue, ComposeFiles.Green);
        config["services"]!["realtime-blue-extra"] = config["services"]!["realtime-blue-2"]!.DeepClone();
        config["services"]!["realtime-blue-extra"]!["environment"]!["ASPNETCORE_URLS"] = "http://172.30.230.19:8080";
        await host.WriteAsync("config.json", config.ToJsonString());

        Assert.Equal("http://172.30.230.16:8080", await host.RunAsync("driver_api_url blue"));
        Assert.Equal("http://172.30.230.32:8080", await host.RunAsync("driver_api_url green"));
        Assert.Equal("http://172.30.230.17:8080\nhttp://172.30.230.18:8080\nhttp://172.30.230.19:8080", await host.RunAsync("driver_realtime_urls blue"));
        Assert.Equal("replyx-smoke:1.0.0", await host.RunAsync("image_of 1.0.0 smoke"));

        Assert.Equal("", await host.RunAsync("driver_check_release 1.0.0"));
        Assert.Contains("latest is no release", await host.RunAsync("driver_check_release latest"), StringComparison.Ordinal);
        Assert.Contains("no tag", await host.RunAsync("driver_check_release ../1"), StringComparison.Ordinal);
        Assert.Contains("there is no image replyx-api:2.0.0: no such image", await host.RunAsync("driver_check_release 2.0.0"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nginx_takes_what_it_is_given_of_a_colour()
    {
        var nginx = RequiredTool.Path("nginx");
        using var host = await FakeHost.CreateAsync();

        Assert.Equal("", await host.RunAsync("driver_prepare && driver_write_upstream green"));

        var upstreams = host.File("state", "upstreams");
        var text = await File.ReadAllTextAsync(Path.Combine(upstreams, "green.conf"), TestTimeout.Token());
        Assert.Contains("server 172.30.230.32:8080 max_fails=0;", text, StringComparison.Ordinal);
        Assert.Contains("server 172.30.230.34:8080 max_fails=0;", text, StringComparison.Ordinal);
        Assert.DoesNotContain("${", text, StringComparison.Ordinal);
        // nginx in its container is another user.
        Assert.True(File.GetUnixFileMode(Path.Combine(upstreams, "green.conf")).HasFlag(UnixFileMode.OtherRead));
        Assert.True(File.GetUnixFileMode(upstreams).HasFlag(UnixFileMode.OtherRead | UnixFileMode.OtherExecute));
        await host.WriteAsync(
            "nginx.conf",
            $$"""
            pid {{host.File("nginx.pid")}};
            error_log stderr;
            events { }
            http {
                access_log off;
                client_body_temp_path {{host.File("body")}};
                proxy_temp_path {{host.File("proxy")}};
                fastcgi_temp_path {{host.File("fastcgi")}};
                uwsgi_temp_path {{host.File("uwsgi")}};
                scgi_temp_path {{host.File("scgi")}};
                include {{upstreams}}/green.conf;
                include {{upstreams}}/servers/*.conf;
            }
            """);
        var (exitCode, output) = await Command.RunAsync(new ProcessStartInfo(nginx, ["-t", "-c", host.File("nginx.conf")]));
        Assert.True(exitCode == 0, output);
    }

    [Theory]
    [InlineData("running|0|false|0", null)]
    [InlineData("exited|0|false|0", "realtime-blue-2 has ended: Not started: a setting is wrong")]
    // Docker has started it again: it runs, and is not well.
    [InlineData("running|0|false|1", "realtime-blue-2 has ended: Not started: a setting is wrong")]
    [InlineData("restarting|78|false|3", "realtime-blue-2 has ended: Not started: a setting is wrong")]
    [InlineData("exited|137|false|0", "realtime-blue-2 was killed")]
    [InlineData("exited|137|true|0", "realtime-blue-2 was ended for want of memory")]
    public async Task A_container_that_ended_is_told_with_its_last_words(string state, string? expected)
    {
        using var host = await FakeHost.CreateAsync();
        foreach (var name in (string[])["api-blue", "realtime-blue-1", "realtime-blue-2"])
        {
            await host.WriteAsync($"{name}.id", $"id-{name}");
            await host.WriteAsync($"id-{name}.state", "running|0|false|0");
        }

        await host.WriteAsync("id-realtime-blue-2.log", "info: something\nNot started: a setting is wrong\n\n");
        Assert.Equal("", await host.RunAsync("driver_prepare && driver_start blue 1.0.0"));
        await host.WriteAsync("id-realtime-blue-2.state", state);

        Assert.Equal(expected ?? "alive", await host.RunAsync("driver_alive blue && echo alive"));

        // Those of the colour, and Redis if it does not run; nothing else is touched.
        var calls = await File.ReadAllLinesAsync(host.File("calls"), TestTimeout.Token());
        Assert.Equal(2, calls.Count(call => call.Contains(" up ", StringComparison.Ordinal)));
        Assert.Contains(calls, call => call.EndsWith("up --detach --no-recreate --quiet-pull redis", StringComparison.Ordinal));

        // One that was stopped is made anew, and does not keep the secrets' folder that it had.
        Assert.Contains(calls, call => call.EndsWith("rm --force api-blue realtime-blue-1 realtime-blue-2", StringComparison.Ordinal));
        Assert.Contains(calls, call => call.EndsWith("--no-deps --no-build --quiet-pull api-blue realtime-blue-1 realtime-blue-2", StringComparison.Ordinal));
    }

    /// <summary>Settings, a docker, and a shell with the driver in it.</summary>
    private sealed class FakeHost : IDisposable
    {
        private readonly TempDirectory _folder = new();

        private readonly string _bash = RequiredTool.Path("bash");

        public static async Task<FakeHost> CreateAsync()
        {
            RequiredTool.Path("jq");
            var host = new FakeHost();
            Directory.CreateDirectory(host.File("bin"));
            await host.WriteAsync("bin/docker", Docker);
            System.IO.File.SetUnixFileMode(host.File("bin", "docker"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
            await host.WriteAsync("config.json", ComposeFiles.Read(ComposeFiles.Shared, ComposeFiles.Blue, ComposeFiles.Green).ToJsonString());
            await host.WriteAsync("compose.env", "");
            await host.WriteAsync("deploy.env", $"STATE_DIR={host.File("state")}\nCOMPOSE_ENV_FILE={host.File("compose.env")}\n");
            return host;
        }

        public string File(params ReadOnlySpan<string> parts) => _folder.File(parts);

        public Task WriteAsync(string name, string text) => System.IO.File.WriteAllTextAsync(_folder.File(name), text, TestTimeout.Token());

        public async Task<string> RunAsync(string commands)
        {
            var start = new ProcessStartInfo(_bash, ["-uo", "pipefail", "-c",
                $"""
                umask 027
                repository=$1
                . "$repository/scripts/deploy/lib/common.sh"
                . "$repository/scripts/deploy/drivers/compose.sh"
                load_settings "$FAKE/deploy.env"
                driver_check_settings
                {commands}
                """,
                "driver", Repository.Root.TrimEnd('/')])
            {
                Environment = { ["FAKE"] = _folder.Path, ["PATH"] = $"{File("bin")}:{Environment.GetEnvironmentVariable("PATH")}" },
            };
            return (await Command.RunAsync(start)).Output.TrimEnd();
        }

        public void Dispose() => _folder.Dispose();
    }
}
