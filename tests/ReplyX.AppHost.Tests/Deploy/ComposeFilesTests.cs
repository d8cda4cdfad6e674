using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ReplyX.Testing;

namespace ReplyX.AppHost.Tests.Deploy;

/// <summary>What every container of a deployment has to be, whoever adds one.</summary>
public sealed partial class ComposeFilesTests
{
    private static readonly JsonObject _all = ComposeFiles.Read(ComposeFiles.Shared, ComposeFiles.Blue, ComposeFiles.Green);

    public static TheoryData<string> Services => [.. _all["services"]!.AsObject().Select(service => service.Key)];

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_is_limited_watched_and_locked_up(string name)
    {
        var service = Service(name);

        Assert.Equal("unless-stopped", (string?)service["restart"]);
        Assert.Equal("true", (string?)service["read_only"]);
        Assert.Equal(["ALL"], Texts(service["cap_drop"]));
        Assert.Null(service["cap_add"]);
        Assert.Null(service["privileged"]);
        Assert.Equal(["no-new-privileges:true"], Texts(service["security_opt"]));
        Assert.Matches(Size(), (string?)service["mem_limit"]);
        Assert.Matches(@"^[0-9.]+$", (string?)service["cpus"]);
        Assert.Matches(@"^\d+$", (string?)service["pids_limit"]);
        Assert.Matches(@"^\d+m$", (string?)service["logging"]!["options"]!["max-size"]);
        Assert.Matches(@"^\d+$", (string?)service["logging"]!["options"]!["max-file"]);
        var health = service["healthcheck"]!;
        Assert.NotEmpty(Texts(health["test"]));
        Assert.All((string[])["interval", "timeout", "retries", "start_period"], key => Assert.NotNull(health[key]));
        Assert.NotEmpty(Networks(name));
        Assert.DoesNotContain("docker.sock", service.ToJsonString(), StringComparison.Ordinal);
        // A folder of the host is only ever read.
        Assert.All(Texts(service["volumes"]).Where(volume => volume[0] is '.' or '/'), volume => Assert.EndsWith(":ro", volume, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void An_image_is_one_release_and_no_other(string name)
    {
        var image = Assert.IsType<JsonObject>(Service(name))["image"]!.GetValue<string>();

        Assert.Matches(@"^[a-z0-9./-]+:[A-Za-z0-9._-]+$", image);
        Assert.DoesNotContain(":latest", image, StringComparison.Ordinal);
        if (!image.StartsWith("replyx-", StringComparison.Ordinal))
        {
            Assert.Matches(@":\d+\.\d+\.\d+$", image);
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void No_secret_is_in_an_environment(string name)
    {
        var service = Service(name);
        // What is named like a secret names a file of one. The certificate's key is in a folder of its own.
        Assert.All(
            (service["environment"]?.AsObject() ?? []).Where(variable => SecretName().IsMatch(variable.Key)),
            variable => Assert.Matches("^(/run/secrets|/tls)/", (string?)variable.Value));

        // What names a file of a secret has that secret, and all are declared.
        var secrets = Texts(service["secrets"]);
        Assert.All(SecretFile().Matches(service.ToJsonString()), match => Assert.Contains(match.Groups[1].Value, secrets));
        Assert.All(secrets, secret => Assert.NotNull(_all["secrets"]![secret]));
    }

    [Fact]
    public void Only_nginx_is_reached_from_outside()
    {
        Assert.Equal(["nginx"], Names().Where(name => Service(name)["ports"] is not null));
        Assert.Equal(["0.0.0.0:80:80", "0.0.0.0:443:443"], Texts(Service("nginx")["ports"]));
        Assert.All(Names(), name => Assert.Null(Service(name)["network_mode"]));

        // Redis is reached by the services alone, and reaches nobody.
        Assert.Equal("true", (string?)_all["networks"]!["back"]!["internal"]);
        Assert.Equal(["back"], Networks("redis"));
        Assert.All(Names().Where(name => Networks(name).Contains("back")), name => Assert.Matches("^(redis|api-.*|realtime-.*)$", name));
    }

    [Fact]
    public void Redis_loses_no_acknowledged_write()
    {
        var command = string.Join(' ', Texts(Service("redis")["command"]));

        Assert.Contains("--appendonly yes --appendfsync always", command, StringComparison.Ordinal);
        Assert.Contains("--maxmemory-policy noeviction", command, StringComparison.Ordinal);
        Assert.Contains("--aclfile /run/secrets/redis.acl", command, StringComparison.Ordinal);
        Assert.Contains("redis-data:/data", Texts(Service("redis")["volumes"]));
    }

    [Fact]
    public void Green_is_blue_at_other_addresses()
    {
        var blue = File.ReadAllText(ComposeFiles.Path(ComposeFiles.Blue));
        var green = File.ReadAllText(ComposeFiles.Path(ComposeFiles.Green));
        string Exchange(string text) => text.Replace("blue", "*", StringComparison.Ordinal).Replace("green", "blue", StringComparison.Ordinal)
            .Replace("*", "green", StringComparison.Ordinal).Replace("BLUE", "GREEN", StringComparison.Ordinal);

        Assert.Equal(Address().Replace(Exchange(blue), "}.?"), Address().Replace(green, "}.?"));
    }

    [Fact]
    public void Every_address_is_one_containers_and_nginx_is_who_is_believed()
    {
        var addresses = Names()
            .SelectMany(name => Service(name)["networks"] is JsonObject networks ? networks.Select(network => (string?)network.Value?["ipv4_address"]) : [])
            .OfType<string>()
            .ToArray();

        Assert.Equal(addresses.Length, addresses.Distinct().Count());
        var nginx = (string)Service("nginx")["networks"]!["front"]!["ipv4_address"]!;
        var colours = Names().Where(name => Colour().IsMatch(name)).ToArray();
        Assert.Equal(6, colours.Length);
        foreach (var name in colours)
        {
            var environment = Service(name)["environment"]!;
            Assert.Equal($"{nginx}/32", (string?)environment["Proxies__Trusted__0"]);
            // What it listens on is what it registers, and is in no other network than nginx'.
            Assert.Equal($"http://{Service(name)["networks"]!["front"]!["ipv4_address"]}:8080", (string?)environment["ASPNETCORE_URLS"]);
        }
    }

    [Fact]
    public void A_node_may_finish_its_drain()
    {
        var limits = File.ReadAllText(Repository.File("docs/websocket/limits.md"));
        int Seconds(string setting) => int.Parse(Regex.Match(limits, $@"`Realtime:{setting}` \| (\d+) s").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        var drain = Math.Max(Seconds("DrainWindow"), Seconds("DrainNotice")) + Seconds("CloseTimeout");

        Assert.All(Names().Where(name => Colour().IsMatch(name)), name =>
        {
            var grace = Assert.IsAssignableFrom<string>((string?)Service(name)["stop_grace_period"]);
            Assert.True(int.Parse(grace.TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture) > drain + 10, $"{name}: {grace} for a drain of {drain} s");
            // Or it would not hear SIGTERM while it starts.
            Assert.Equal("true", (string?)Service(name)["init"]);
        });
    }

    [Fact]
    public void The_example_has_every_variable_and_no_other()
    {
        var example = File.ReadLines(Repository.File("deploy/compose.env.example"))
            .Select(line => ExampleLine().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);

        // The deploy's own; and the profiles are compose's.
        string[] others = ["REPLYX_BLUE_TAG", "REPLYX_GREEN_TAG", "REPLYX_UPSTREAMS_DIR"];
        Assert.Equal(ComposeFiles.NamesOfVariables().Except(others).Append("COMPOSE_PROFILES").Order(), example.Order());
    }

    [Fact]
    public void The_settings_of_the_deploy_are_ones_that_it_knows()
    {
        var known = Regex.Matches(File.ReadAllText(Repository.File("scripts/deploy/lib/common.sh")), @"\[([A-Z_]+)\]=").Select(match => match.Groups[1].Value);
        var example = File.ReadLines(Repository.File("deploy/replyx.env.example"))
            .Select(line => ExampleLine().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(example);
        Assert.Empty(example.Except(known));
    }

    private static IEnumerable<string> Names() => _all["services"]!.AsObject().Select(service => service.Key);

    private static JsonObject Service(string name) => _all["services"]![name]!.AsObject();

    private static string[] Texts(JsonNode? node) => [.. (node?.AsArray() ?? []).Select(item => (string)item!)];

    private static string[] Networks(string name) =>
        Service(name)["networks"] is JsonArray names ? Texts(names) : [.. Service(name)["networks"]!.AsObject().Select(network => network.Key)];

    [GeneratedRegex("^[0-9]+[mg]$")]
    private static partial Regex Size();

    [GeneratedRegex("PASSWORD|TOKEN|SECRET|KEY|WEBHOOK|CONNECTIONSTRING", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex("/run/secrets/([A-Za-z0-9_.-]+)")]
    private static partial Regex SecretFile();

    [GeneratedRegex(@"\}\.\d+")]
    private static partial Regex Address();

    [GeneratedRegex("^(api|realtime)-(blue|green)")]
    private static partial Regex Colour();

    [GeneratedRegex("^#?([A-Z][A-Z0-9_]*)=")]
    private static partial Regex ExampleLine();
}
