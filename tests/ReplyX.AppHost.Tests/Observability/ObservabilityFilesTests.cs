using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using ReplyX.Testing;
using YamlDotNet.RepresentationModel;

namespace ReplyX.AppHost.Tests.Observability;

public sealed partial class ObservabilityFilesTests
{
    private static readonly string _folder = Repository.File("observability");

    [Fact]
    public void Every_yaml_file_parses()
    {
        var files = Directory.EnumerateFiles(_folder, "*.yml*", SearchOption.AllDirectories).ToArray();

        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            // The template's marks would be reserved characters to YAML; none of them stands where their value changes the structure.
            var yaml = new YamlStream();
            yaml.Load(new StringReader(Mark().Replace(File.ReadAllText(file), "x")));
            Assert.IsType<YamlMappingNode>(Assert.Single(yaml.Documents).RootNode);
        });
    }

    [Fact]
    public void The_datasource_of_every_panel_is_provisioned()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine(_folder, "grafana/provisioning/datasources/prometheus.yml"))));
        var datasource = yaml.Documents[0].RootNode["datasources"][0];

        Assert.Equal("$PROMETHEUS_URL", datasource["url"].ToString());
        Assert.All(Panels(), panel => Assert.Equal(datasource["uid"].ToString(), panel.GetProperty("datasource").GetProperty("uid").GetString()));
    }

    [Fact]
    public void Panels_do_not_overlap() => Assert.All(Dashboards(), dashboard =>
    {
        var cells = dashboard.GetProperty("panels").EnumerateArray().Select(panel => panel.GetProperty("gridPos")).SelectMany(place =>
            from x in Enumerable.Range(place.GetProperty("x").GetInt32(), place.GetProperty("w").GetInt32())
            from y in Enumerable.Range(place.GetProperty("y").GetInt32(), place.GetProperty("h").GetInt32())
            select (x, y)).ToArray();

        Assert.Equal(cells.Length, cells.Distinct().Count());
        Assert.All(cells, cell => Assert.InRange(cell.x, 0, 23));
    });

    [Fact]
    public void Dockerfiles_copy_what_is_there_from_a_pinned_image()
    {
        var dockerfiles = Directory.EnumerateFiles(_folder, "Dockerfile", SearchOption.AllDirectories).ToArray();

        Assert.NotEmpty(dockerfiles);
        Assert.All(dockerfiles, dockerfile =>
        {
            var lines = File.ReadAllLines(dockerfile);
            var argument = Path.GetFileName(Path.GetDirectoryName(dockerfile))!.ToUpperInvariant() + "_IMAGE";
            Assert.Matches($@"^ARG {argument}=[a-z/.]+:v?\d+\.\d+\.\d+$", lines[0]);
            Assert.Equal($"FROM ${{{argument}}}", lines[1]);
            var sources = lines.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal)).SelectMany(line => line.Split(' ')[1..^1]).ToArray();
            Assert.NotEmpty(sources);
            Assert.All(sources, source => Assert.True(Path.Exists(Path.Combine(Path.GetDirectoryName(dockerfile)!, source)), $"{dockerfile}: {source}"));
        });
    }

    [Theory]
    [InlineData("http://localhost:5080", "localhost:5080", "http", false)]
    [InlineData("https://api.example.com/", "api.example.com", "https", true)]
    public async Task The_rendered_configuration_is_valid(string apiUrl, string api, string scheme, bool isTokenInFile)
    {
        var promtool = RequiredTool.Path("promtool");
        using var folder = new TempDirectory();

        var (exitCode, output) = await StartAsync(folder, apiUrl, "secret & token|with\\marks", isTokenInFile);

        Assert.Equal(0, exitCode);
        Assert.Contains("--web.listen-address=127.0.0.1:9999", output, StringComparison.Ordinal);
        var config = folder.File("data & more", "prometheus.yml");
        var (valid, said) = await Command.RunAsync(new ProcessStartInfo(promtool, ["check", "config", config]));
        Assert.True(valid == 0, said);
        var text = await File.ReadAllTextAsync(config, TestContext.Current.CancellationToken);
        Assert.Contains($"url: {scheme}://{api}/internal/prometheus/targets", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotMatch(Mark(), text);
        var token = folder.File("data & more", "metrics-token");
        Assert.Equal("secret & token|with\\marks", await File.ReadAllTextAsync(token, TestContext.Current.CancellationToken));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(token));
    }

    [Theory]
    [InlineData("", "API_URL is missing")]
    [InlineData("ftp://localhost", "API_URL is no http or https URL")]
    [InlineData("http://localhost/path", "API_URL is more than a host and a port")]
    [InlineData("http://localhost'\ninjected: true", "API_URL is more than a host and a port")]
    public async Task A_wrong_address_is_one_line_and_exit_code_1(string apiUrl, string expected)
    {
        using var folder = new TempDirectory();

        var (exitCode, output) = await StartAsync(folder, apiUrl, "");

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"start.sh: {expected}", output, StringComparison.Ordinal);
    }

    /// <summary>Runs start.sh with a prometheus that only prints its arguments.</summary>
    private static async Task<(int ExitCode, string Output)> StartAsync(TempDirectory folder, string apiUrl, string token, bool isTokenInFile = false)
    {
        await File.WriteAllTextAsync(folder.File("token"), token + "\n", TestContext.Current.CancellationToken);
        var bin = Directory.CreateDirectory(folder.File("bin")).FullName;
        await File.WriteAllTextAsync(Path.Combine(bin, "prometheus"), "#!/bin/sh\necho \"$@\"\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Path.Combine(bin, "prometheus"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return await Command.RunAsync(new ProcessStartInfo("/bin/sh", [Path.Combine(_folder, "prometheus/start.sh")])
        {
            Environment =
            {
                ["PATH"] = $"{bin}:/usr/bin:/bin",
                ["API_URL"] = apiUrl,
                [isTokenInFile ? "METRICS_TOKEN_FILE" : "METRICS_TOKEN"] = isTokenInFile ? folder.File("token") : token,
                ["DATA_DIR"] = folder.File("data & more"),
                ["LISTEN"] = "127.0.0.1:9999",
            },
        });
    }

    private static IEnumerable<JsonElement> Dashboards() =>
        Directory.EnumerateFiles(Path.Combine(_folder, "grafana/dashboards"), "*.json").Select(file => JsonDocument.Parse(File.ReadAllText(file)).RootElement);

    private static IEnumerable<JsonElement> Panels() => Dashboards().SelectMany(dashboard => dashboard.GetProperty("panels").EnumerateArray());

    [GeneratedRegex("@[A-Z_]+@")]
    private static partial Regex Mark();
}
