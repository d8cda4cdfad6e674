using System.Text.Json;
using System.Text.RegularExpressions;
using ReplyX.Testing;
using YamlDotNet.Serialization;

namespace ReplyX.Distributed.Tests.Azure;

/// <summary>
/// What azd deploys is azure.yaml and a file for each service, which stands in place of what azd would make of the manifest: the files and
/// the manifest say the same, and nothing of development is in either.
/// </summary>
[Collection<OneManifest>]
public sealed partial class AzureFilesTests(PublishedManifest manifest)
{
    private static readonly string _folder = Repository.File("ReplyX.AppHost", "infra");

    // Aspire tells parts of connections too, under names that no service here reads.
    private static readonly string[] _unread = ["REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD", "REDIS_URI", "REALTIME_HTTP", "REALTIME_HTTPS"];

    private readonly AzdValues _values = new(manifest);

    public static TheoryData<string> Services => new(Directory.EnumerateFiles(_folder).Select(file => Path.GetFileName(file).Split('.')[0]));

    [Fact]
    public void Azd_finds_the_app_host()
    {
        var yaml = Parse(File.ReadAllText(Repository.File("azure.yaml")));
        var service = ContainerApp.Map(Assert.Single(ContainerApp.Map(yaml["services"])).Value);

        Assert.Equal("replyx", yaml["name"]);
        Assert.Equal(("dotnet", "containerapp"), (service["language"], service["host"]));
        Assert.True(File.Exists(Repository.File(ContainerApp.Text(service["project"]))));

        // With a main.bicep there azd would take it, and ask the AppHost no more.
        Assert.False(Directory.Exists(Repository.File("infra")));
    }

    [Fact]
    public void Every_service_of_the_manifest_has_its_file_and_no_other_has()
    {
        var services = manifest.All.Where(resource => IsService(resource.Value)).Select(resource => $"{resource.Name}.tmpl.yaml").Order();

        Assert.Equal(["alertmanager", "api", "grafana", "prometheus", "realtime", "redis"], Services.Select(row => row.Data).Order());
        Assert.Equal(services, Directory.EnumerateFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_gets_what_the_manifest_says(string service)
    {
        var app = Read(service);
        var resource = manifest[service];
        var unread = resource.GetProperty("type").GetString() == "project.v0" ? _unread : [];
        var expected = manifest.Env(service).Where(variable => !unread.Contains(variable.Key)).ToLookup(variable => _values.HasSecret(variable.Value));

        Assert.Equal(Sorted(expected[true]), Sorted(app.Secret));
        Assert.Equal(Sorted(expected[false]), Sorted(app.Plain.Where(variable => variable.Key != "AZURE_CLIENT_ID")));

        Assert.Equal(Strings(resource, "args"), Texts(app.Container, "args"));
        Assert.Equal(resource.TryGetProperty("entrypoint", out var entrypoint) ? [entrypoint.GetString()!] : [], Texts(app.Container, "command"));
        Assert.Equal((service, service), (app.Tags["azd-service-name"], app.Container["name"]));
        Assert.Equal("<image>", app.Container["image"]);

        var volumes = resource.TryGetProperty("volumes", out var all) ? [.. all.EnumerateArray()] : Array.Empty<JsonElement>();
        Assert.Equal(
            volumes.Select(volume => $"<SERVICE_{Azd(service)}_VOLUME_{Azd(volume.GetProperty("name").GetString()!)}_NAME>"),
            Maps(app.Template, "volumes").Select(volume => volume["storageName"]));
        Assert.Equal(
            volumes.Select(volume => volume.GetProperty("target").GetString()), Maps(app.Container, "volumeMounts").Select(mount => mount["mountPath"]));
        Assert.Equal(Maps(app.Template, "volumes").Select(volume => volume["name"]), Maps(app.Container, "volumeMounts").Select(mount => mount["volumeName"]));

        static string Azd(string name) => name.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_is_open_where_its_bindings_are_and_is_asked_whether_it_lives(string service)
    {
        var app = Read(service);
        var bindings = manifest[service].GetProperty("bindings").EnumerateObject().Select(binding => binding.Value).ToList();
        var external = bindings.Exists(binding => binding.TryGetProperty("external", out var open) && open.GetBoolean());
        var isHttp = bindings.TrueForAll(binding => binding.GetProperty("transport").GetString() == "http");
        var port = bindings[0].TryGetProperty("targetPort", out var target) ? target.GetInt32() : int.Parse(AzdTemplate.ProjectPort, null);

        Assert.Equal((external, port, isHttp ? "http" : "tcp"), (app.Ingress["external"], ContainerApp.Number(app.Ingress["targetPort"]), app.Ingress["transport"]));

        // What is open to the world answers http by a redirect alone; what is inside is called by http.
        Assert.Equal(isHttp && !external, app.Ingress["allowInsecure"]);
        foreach (var probe in (string[])["Startup", "Liveness", "Readiness"])
        {
            Assert.Equal((isHttp, port), (app.Probe(probe).Path is not null, app.Probe(probe).Port));
        }
    }

    [Theory]
    [InlineData("realtime")]
    [InlineData("api")]
    public void The_two_services_keep_old_and_new_side_by_side(string service)
    {
        var app = Read(service);

        Assert.Equal("multiple", app.Configuration["activeRevisionsMode"]);
        Assert.Equal(("/alive", "/alive", "/health/ready"), (app.Probe("Startup").Path, app.Probe("Liveness").Path, app.Probe("Readiness").Path));

        // As many as in development, and as many always.
        var wanted = Replicas().Match(File.ReadAllText(Repository.File("ReplyX.AppHost", "Program.cs")).Split($"\"{service}\"")[1].Split(';')[0]);
        var replicas = wanted.Success ? int.Parse(wanted.Groups[1].Value, null) : 1;
        Assert.Equal((replicas, replicas), app.Replicas);

        // All goes to the newest, until a deployment says which revision has it.
        Assert.Equal(["latestRevision True, weight 100"], Maps(app.Ingress, "traffic").Select(Line));
        Assert.Empty(ContainerApp.List(app.Ingress["customDomains"]));

        // A drain of 20 s, and then some.
        Assert.InRange(ContainerApp.Number(app.Template["terminationGracePeriodSeconds"]), 30, 600);
    }

    [Fact]
    public void A_deployment_sets_its_own_hosts_traffic_and_number_of_replicas()
    {
        Dictionary<string, string> environment = new()
        {
            ["AZURE_API_HOST"] = "chat.example.com",
            ["AZURE_REALTIME_HOST"] = "realtime.example.com",
            ["AZURE_REALTIME_REPLICAS"] = "5",
            ["AZURE_REALTIME_TRAFFIC"] = "[{revisionName: realtime--a1, label: blue, weight: 100}]",
            ["AZURE_REALTIME_CUSTOM_DOMAINS"] = "[{name: realtime.example.com, bindingType: SniEnabled, certificateId: /subscriptions/1/certificates/2}]",
        };
        var (realtime, api) = (Read("realtime", environment), Read("api", environment));

        Assert.Equal("https://chat.example.com", realtime.Plain["Origins__ChatHosts__0"]);
        Assert.Equal("https://chat.example.com", api.Plain["Sites__PublicUrl"]);
        Assert.Equal("https://realtime.example.com", api.Plain["Realtime__PublicUrl"]);
        Assert.Equal((5, 5), realtime.Replicas);
        Assert.Equal(["revisionName realtime--a1, label blue, weight 100"], Maps(realtime.Ingress, "traffic").Select(Line));
        Assert.Equal(
            ["name realtime.example.com, bindingType SniEnabled, certificateId /subscriptions/1/certificates/2"],
            Maps(realtime.Ingress, "customDomains").Select(Line));
    }

    [Fact]
    public void What_keeps_data_of_its_own_runs_once()
    {
        foreach (var service in (string[])["redis", "prometheus", "alertmanager", "grafana"])
        {
            Assert.Equal((1, 1), Read(service).Replicas);
        }
    }

    [Fact]
    public void A_secret_of_any_characters_stays_one_value()
    {
        var template = new AzdTemplate((_, _) => "it's \"a\" \\ #: {secret}", new Dictionary<string, string>());
        var app = new ContainerApp(template.Read(File.ReadAllText(Path.Combine(_folder, "api.tmpl.yaml"))));

        Assert.Equal("it's \"a\" \\ #: {secret}", app.Secret["Bootstrap__OwnerPassword"]);
        Assert.Equal("redis:6379,password=it's \"a\" \\ #: {secret}", app.Secret["ConnectionStrings__redis"]);
    }

    [Fact]
    public void Every_secret_is_a_parameter_without_a_value()
    {
        foreach (var service in manifest.All.Where(resource => IsService(resource.Value)))
        {
            foreach (var (name, value) in manifest.Env(service.Name).Where(variable => SecretName().IsMatch(variable.Key)))
            {
                Assert.True(_values.HasSecret(value), $"{service.Name} gets {name} as {value}, which is no secret parameter");
            }
        }

        foreach (var parameter in manifest.All.Where(resource => !IsService(resource.Value) && _values.IsSecret(resource.Name)))
        {
            Assert.Equal($"<{parameter.Name}>", _values.Parameter(parameter.Name));
        }
    }

    [Fact]
    public void Nothing_of_development_is_in_the_manifest_or_the_files()
    {
        string[] texts = [.. manifest.All.SelectMany(resource => Strings(resource.Value)), .. Directory.EnumerateFiles(_folder).Select(File.ReadAllText)];

        Assert.All(texts, text => Assert.DoesNotMatch("(?i)localhost|127\\.0\\.0\\.1|development|demo|bindMount|changeme|password[=:] *[a-z0-9]", text));
    }

    private static bool IsService(JsonElement resource) => resource.GetProperty("type").GetString() is "project.v0" or "container.v0" or "container.v1";

    private static Dictionary<object, object> Parse(string yaml) => new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(yaml);

    private static string Line(Dictionary<object, object> map) => string.Join(", ", map.Select(pair => $"{pair.Key} {pair.Value}"));

    private static IEnumerable<Dictionary<object, object>> Maps(Dictionary<object, object> map, string key) =>
        map.TryGetValue(key, out var value) ? ContainerApp.List(value).Select(ContainerApp.Map) : [];

    private static string[] Texts(Dictionary<object, object> map, string key) =>
        map.TryGetValue(key, out var value) ? [.. ContainerApp.List(value).Select(ContainerApp.Text)] : [];

    private static string[] Strings(JsonElement resource, string property) =>
        resource.TryGetProperty(property, out var value) ? [.. value.EnumerateArray().Select(item => item.GetString()!)] : [];

    // Paths to projects and Dockerfiles are those of the machine that publishes.
    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => element.EnumerateObject().Where(property => property.Name is not ("path" or "build"))
            .SelectMany(property => Strings(property.Value).Prepend(property.Name)),
        _ => [],
    };

    private IEnumerable<string> Sorted(IEnumerable<KeyValuePair<string, string>> variables) =>
        variables.Select(variable => $"{variable.Key}={_values.Of(variable.Value)}").Order(StringComparer.Ordinal);

    private ContainerApp Read(string service, Dictionary<string, string>? environment = null) => new(
        new AzdTemplate(Parameter, environment ?? []).Read(File.ReadAllText(Path.Combine(_folder, $"{service}.tmpl.yaml"))));

    private string Parameter(string azdName, bool secured)
    {
        var name = _values.Find(azdName) ?? throw new InvalidOperationException($"the manifest has no parameter {azdName}");
        Assert.True(_values.IsSecret(name) == secured, $"{name} is a secret where it is none, or the other way round");
        return _values.Parameter(name);
    }

    [GeneratedRegex(@"WithReplicas\((\d+)\)")]
    private static partial Regex Replicas();

    [GeneratedRegex("(?i)(token|key|password|secret|webhook_url|connectionstrings)")]
    private static partial Regex SecretName();
}
