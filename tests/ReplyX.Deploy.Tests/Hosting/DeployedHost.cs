using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using ReplyX.Client;
using ReplyX.Testing;

namespace ReplyX.Deploy.Tests.Hosting;

/// <summary>A machine that deploys are made on: the settings, Redis, and what the scripts start on it.</summary>
internal sealed class DeployedHost : IAsyncDisposable
{
    private const string Login = "olga@shop.example";

    private static readonly string[] _tools = ["bash", "curl", "jq", "nginx", "redis-server"];

    private readonly TempDirectory _folder = new();
    private readonly RedisServer _redis;
    private readonly RedisServer _otherRedis;
    private readonly string _password = NewSecret();
    private readonly Process _reaper;

    private DeployedHost(RedisServer redis, RedisServer otherRedis)
    {
        (_redis, _otherRedis) = (redis, otherRedis);
        OperationsToken = NewSecret();
        Url = new Uri($"https://{FrontDoorClient.Host}:{FreePort.Next()}");
        State = _folder.File("state");
        FrontDoorClient.WriteCertificate(_folder.File("cert.pem"), _folder.File("key.pem"));
        Write("operations-token", OperationsToken);
        Write("smoke-site-token", "none yet");
        var services = Services();
        Write("services.env", Lines(services));
        Write("without-key.env", Lines(services.Where(setting => setting.Key != "Tokens__SigningKey")));
        Write("other-redis.env", Lines(new Dictionary<string, string>(services) { ["ConnectionStrings__redis"] = otherRedis.ConnectionString }));
        Write("deploy.env", Lines(Settings()));
        Directory.CreateDirectory(State);

        // The workers of root's nginx are another user.
        if (!OperatingSystem.IsWindows())
        {
            foreach (var open in (string[])[_folder.Path, State])
            {
                File.SetUnixFileMode(open, File.GetUnixFileMode(open) | UnixFileMode.OtherExecute);
            }
        }

        _reaper = StartReaper();
    }

    /// <summary>What visitors know.</summary>
    public Uri Url { get; }

    /// <summary>STATE_DIR.</summary>
    public string State { get; }

    public string OperationsToken { get; }

    /// <summary>Without the variable that services cannot start without.</summary>
    public (string Name, string Value) WithoutKey => ("ENV_FILE", _folder.File("without-key.env"));

    /// <summary>All of it well, but with another Redis.</summary>
    public (string Name, string Value) OnOtherRedis => ("ENV_FILE", _folder.File("other-redis.env"));

    /// <summary>The colour that visitors get; empty for none.</summary>
    public string Current => ReadLine("current");

    /// <summary>Whether this machine has all that a deploy takes; <see cref="Require"/> tells tests what is missing.</summary>
    public static bool CanStart => Array.TrueForAll(_tools, tool => RequiredTool.Find(tool) is not null);

    /// <summary>Skips the test where a tool is missing.</summary>
    public static void Require() => Array.ForEach(_tools, tool => RequiredTool.Path(tool));

    public static async Task<DeployedHost> StartAsync()
    {
        Require();
        var host = new DeployedHost(await RedisServer.StartAsync(RedisKind.Redis), await RedisServer.StartAsync(RedisKind.Redis));
        try
        {
            var rendered = await RunAsync("render-nginx.sh", ["--config", host._folder.File("deploy.env")]);
            Assert.True(rendered.ExitCode == 0, rendered.Output);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public Release Release(char mark) => Hosting.Release.Make(_folder.File("release-" + mark), mark);

    /// <summary>Starts a deploy.</summary>
    /// <param name="release">What is deployed.</param>
    /// <param name="onLine">Hears every line of it.</param>
    /// <param name="settings">Settings that are others than the file's.</param>
    public ScriptRun Deploy(Release release, Action<string> onLine, params (string Name, string Value)[] settings)
        => Start("safe-websocket-deploy.sh", ["--driver", "processes", "--config", _folder.File("deploy.env"), "--release", release.Folder], onLine, settings);

    /// <summary>Starts a rollback.</summary>
    public ScriptRun RollBack(string reason, Action<string> onLine)
        => Start("websocket-rollback.sh", ["--driver", "processes", "--config", _folder.File("deploy.env"), "--reason", reason], onLine, []);

    /// <summary>Starts a rollback whose words nobody can hear, as on a terminal that is gone or into a log on a full disk.</summary>
    public ScriptRun RollBackUnheard() => RollBackBy("exec bash \"$@\" >/dev/full 2>&1");

    /// <summary>Starts a rollback on a terminal where Ctrl-C is pressed all the time, which each process of its group gets.</summary>
    public ScriptRun RollBackAmidCtrlC() => RollBackBy("""
        setsid env --default-signal=INT bash "$@" &
        until [ -e "$0" ]; do sleep 0.05; done
        while kill -INT -- "-$!" 2>/dev/null; do sleep 0.07; done
        wait "$!"
        """);

    /// <summary>Starts <c>start.sh</c>.</summary>
    public ScriptRun Start(string[] options, params (string Name, string Value)[] settings)
        => Start("start.sh", ["--config", _folder.File("deploy.env"), .. options], static _ => { }, settings);

    /// <summary>The step of the journal, and whether it is done; 0 if there is none.</summary>
    public (int Step, bool IsDone) ReadJournal()
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(State, "deploy.journal"));
            var step = lines.FirstOrDefault(line => line.StartsWith("step=", StringComparison.Ordinal))?[5..];
            return (int.TryParse(step, CultureInfo.InvariantCulture, out var number) ? number : 0, lines.Contains("state=done"));
        }
        catch (IOException)
        {
            return (0, false);
        }
    }

    /// <summary>Makes nginx refuse its configuration, until the answer is disposed of.</summary>
    public IDisposable BreakNginx()
    {
        var file = Path.Combine(State, "nginx.conf");
        var before = File.ReadAllText(file);
        File.AppendAllText(file, "no_such_directive;\n");
        return new Mended(() => File.WriteAllText(file, before));
    }

    /// <summary>Changes fields of the journal, as a script does that is cut a moment later.</summary>
    public void EditJournal(params (string Field, string Value)[] changes)
    {
        var file = Path.Combine(State, "deploy.journal");
        var fields = changes.ToDictionary(change => change.Field, change => change.Value);
        File.WriteAllLines(file, [.. File.ReadAllLines(file).Select(line => fields.TryGetValue(line.Split('=')[0], out var value) ? $"{line.Split('=')[0]}={value}" : line)]);
    }

    /// <summary>Makes a file of the state one that cannot be written, as on a full disk, until the answer is disposed of.</summary>
    public IDisposable FillDisk(string file)
    {
        // Its new content is written beside it first.
        var beside = Path.Combine(State, file + ".new");
        while (!Directory.Exists(beside))
        {
            File.Delete(beside);
            Directory.CreateDirectory(beside);
        }

        return new Mended(() => Directory.Delete(beside));
    }

    /// <summary>Whether a process of a colour runs.</summary>
    public bool Runs(string colour) => Records(colour, "").Any(record => IsAlive(record.Process));

    /// <summary>The folder that a colour's processes run from; fails if they are of several, or none runs.</summary>
    public string RunningRelease(string colour) => Records(colour, "").Where(record => IsAlive(record.Process)).Select(record => record.Release).Distinct().Single();

    /// <summary>SIGKILL for a colour, or for one of its processes.</summary>
    public void Kill(string colour, string name = "")
    {
        foreach (var (id, _) in Records(colour, name))
        {
            using var process = Process.GetProcessById(id);
            process.Send(Signal.Kill);
            process.WaitForExit();
        }
    }

    /// <summary>SIGKILL for all that runs, as a reboot, but that Redis lives.</summary>
    public async Task KillAllAsync()
    {
        foreach (var colour in (string[])["blue", "green"])
        {
            if (Runs(colour))
            {
                Kill(colour);
            }
        }

        using var nginx = Process.GetProcessById(int.Parse(ReadLine("nginx/nginx.pid"), CultureInfo.InvariantCulture));
        nginx.Send(Signal.Terminate);
        await nginx.WaitForExitAsync(CancellationToken.None).Within("nginx to end");
    }

    /// <summary>SIGKILL for nginx' master; its workers live on.</summary>
    public void KillNginx()
    {
        using var nginx = Process.GetProcessById(int.Parse(ReadLine("nginx/nginx.pid"), CultureInfo.InvariantCulture));
        nginx.Send(Signal.Kill);
        nginx.WaitForExit();
    }

    /// <summary>The first line of a file of the state; empty if there is none.</summary>
    public string ReadLine(string name) => TryRead(Path.Combine(State, name))?.Trim() ?? "";

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>The processes of a colour that were started last, by their numbers.</summary>
    public IReadOnlyList<int> Processes(string colour, string kind) => [.. Records(colour, kind).Select(record => record.Process)];

    // What the scripts write down of each process: its number and, last, the release that it runs from.
    private List<(int Process, string Release)> Records(string colour, string name)
    {
        var folder = Path.Combine(State, "run");
        return !Directory.Exists(folder) ? [] :
        [
            .. Directory.GetFiles(folder, $"{colour}-{name}*.pid").Order(StringComparer.Ordinal).Select(TryRead).OfType<string>()
                .Select(text => text.Trim().Split(' ', 4)).Select(words => (int.Parse(words[0], CultureInfo.InvariantCulture), words[3])),
        ];
    }

    /// <summary>Makes the site that the check writes on, and the one that visitors are on.</summary>
    /// <returns>The owner, and the site's id and public assistant id.</returns>
    public async Task<(OperatorSession Owner, string Site, string Assistant)> SetUpAsync(HttpClient http, ReplyXApiClient api)
    {
        var signedIn = (await api.SignInAsync(Login, _password)).Require();
        var owner = new OperatorSession(api, signedIn);
        var check = await MakeSiteAsync("Checks");
        Write("smoke-site-token", (await owner.GetSiteTokenAsync(check.GetProperty("id").GetString()!)).Require());
        var shop = await MakeSiteAsync("The shop");
        return (owner, shop.GetProperty("id").GetString()!, shop.GetProperty("assistant_id").GetString()!);

        async Task<JsonElement> MakeSiteAsync(string name)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "api/sites")
            {
                Content = JsonContent.Create(new { name, welcome = "Hello!", origins = (string[])["https://shop.example"] }),
                Headers = { Authorization = new AuthenticationHeaderValue("Bearer", signedIn.Token.Token) },
            };
            using var answer = await http.SendAsync(request, TestTimeout.Token());
            var text = await answer.Content.ReadAsStringAsync(TestTimeout.Token());
            Assert.True(answer.IsSuccessStatusCode, $"a site is answered with {(int)answer.StatusCode} {text}");
            return JsonElement.Parse(text);
        }
    }

    /// <summary>The last lines of every log, for a failure's message.</summary>
    public string LastLines(int lines = 12)
    {
        var folder = Path.Combine(State, "log");
        return !Directory.Exists(folder) ? "" : string.Join('\n', Directory.GetFiles(folder)
            .Where(file => !file.EndsWith("access.log", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => $"--- {Path.GetFileName(file)}\n{string.Join('\n', File.ReadLines(file).TakeLast(lines))}"));
    }

    public async ValueTask DisposeAsync()
    {
        // It kills what the scripts started, and is waited for: files may only go then.
        _reaper.StandardInput.Close();
        await _reaper.WaitForExitAsync(CancellationToken.None).Within("what was deployed to be killed");
        _reaper.Dispose();
        await _redis.DisposeAsync();
        await _otherRedis.DisposeAsync();
        _folder.Dispose();
    }

    /// <param name="shell">Commands that run what their arguments say; $0 is the journal.</param>
    private ScriptRun RollBackBy(string shell) => ScriptRun.Start(
        "-c",
        [shell, Path.Combine(State, "deploy.journal"), Repository.File("scripts", "deploy", "websocket-rollback.sh"), "--driver", "processes", "--config", _folder.File("deploy.env")],
        [],
        static _ => { });

    private static ScriptRun Start(string script, string[] arguments, Action<string> onLine, (string Name, string Value)[] settings)
        => ScriptRun.Start(Repository.File("scripts", "deploy", script), arguments, settings, onLine);

    private static async Task<(int ExitCode, string Output)> RunAsync(string script, string[] arguments)
    {
        var run = Start(script, arguments, static _ => { }, []);
        return (await run.EndAsync(), string.Join('\n', run.Lines));
    }

    private Dictionary<string, string> Services() => new()
    {
        ["ConnectionStrings__redis"] = _redis.ConnectionString,
        ["Tokens__SigningKey"] = NewSecret(),
        ["Metrics__Token"] = NewSecret(),
        ["Operations__Token"] = OperationsToken,

        // A service may have any variables, also those whose names the scripts use themselves.
        ["port"] = "of-the-service",
        ["program"] = "of-the-service",
        ["release"] = "of-the-service",
        ["Secrets__Key"] = NewSecret(),
        ["Bootstrap__AccountName"] = "The shop",
        ["Bootstrap__OwnerLogin"] = Login,
        ["Bootstrap__OwnerPassword"] = _password,

        // Short, so that a deploy is.
        ["Realtime__DrainWindow"] = "00:00:01",
        ["Realtime__DrainNotice"] = "00:00:00",
        ["Realtime__CloseTimeout"] = "00:00:02",

        // The belt is off, so that it is seen whether the braces hold: see ReplyX.Recorder.
        ["Realtime__PositionCheckInterval"] = "00:30:00",

        // All visitors have one address here.
        ["Limits__SocketsPerPrincipal"] = "10000",
        ["Limits__ConnectsPerSecond"] = "10000",
        ["Limits__ConnectBurst"] = "10000",
        ["Limits__Guest__Burst"] = "100000",
        ["Limits__Guest__PerMinute"] = "600000",
        ["Limits__Operator__Burst"] = "100000",
        ["Limits__Operator__PerMinute"] = "600000",
        ["Limits__Address__Burst"] = "100000",
        ["Limits__Address__PerMinute"] = "600000",
        ["Limits__NewGuests__Burst"] = "100000",
        ["Limits__NewGuests__PerMinute"] = "600000",
    };

    private Dictionary<string, string> Settings() => new()
    {
        ["STATE_DIR"] = State,
        ["PUBLIC_URL"] = Url.GetLeftPart(UriPartial.Authority),
        ["RESOLVE_PUBLIC"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Url.Port}"),
        ["CA_FILE"] = _folder.File("cert.pem"),
        ["ENV_FILE"] = _folder.File("services.env"),
        ["OPERATIONS_TOKEN_FILE"] = _folder.File("operations-token"),
        ["SMOKE_SITE_TOKEN_FILE"] = _folder.File("smoke-site-token"),
        ["TLS_CERTIFICATE"] = _folder.File("cert.pem"),
        ["TLS_KEY"] = _folder.File("key.pem"),
        ["NGINX_HTTP_LISTEN"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort.Next()}"),
        ["NGINX_HTTPS_LISTEN"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Url.Port}"),
        ["BLUE_API_PORT"] = Text(FreePort.Next()),
        ["GREEN_API_PORT"] = Text(FreePort.Next()),
        ["BLUE_REALTIME_PORT"] = Text(FreePair()),
        ["GREEN_REALTIME_PORT"] = Text(FreePair()),
        ["REALTIME_NODES"] = "2",
        ["DRAIN_TIMEOUT"] = "30",
        ["STOP_TIMEOUT"] = "8",
        ["WATCH_SECONDS"] = "2",
        ["WATCH_INTERVAL"] = "1",
        ["WATCH_TOLERANCE"] = "2",
        ["MIN_FREE_MB"] = "0",
    };

    /// <summary>The first of two ports one after the other.</summary>
    private static int FreePair()
    {
        while (true)
        {
            var port = FreePort.Next();
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port + 1));
                return port;
            }
            catch (SocketException)
            {
                // Another one.
            }
        }
    }

    private static string? TryRead(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return null; // It has just been taken away.
        }
    }

    /// <summary>A shell that kills all that was deployed when this process ends, however it ends.</summary>
    private Process StartReaper()
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("""
            cat >/dev/null
            for file in "$1"/run/*.pid "$1"/nginx/nginx.pid; do
              [ -f "$file" ] && read -r pid rest <"$file" || continue
              kill -9 -- "-$pid" 2>/dev/null || { kill -TERM "$pid"; for child in $(pgrep -P "$pid"); do kill -9 "$child"; done; } 2>/dev/null
            done
            """);
        start.ArgumentList.Add("reaper");
        start.ArgumentList.Add(State);
        return Process.Start(start)!;
    }

    private void Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private static string Lines(IEnumerable<KeyValuePair<string, string>> settings) => string.Concat(settings.Select(setting => $"{setting.Key}={setting.Value}\n"));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    private sealed class Mended(Action mend) : IDisposable
    {
        public void Dispose() => mend();
    }
}
