using System.Globalization;

namespace ReplyX.Distributed.Tests.Azure;

/// <summary>A container app as a template describes it.</summary>
internal sealed class ContainerApp(Dictionary<object, object> yaml)
{
    public Dictionary<object, object> Configuration => Map(Map(yaml["properties"])["configuration"]);

    public Dictionary<object, object> Ingress => Map(Configuration["ingress"]);

    public Dictionary<object, object> Template => Map(Map(yaml["properties"])["template"]);

    public Dictionary<object, object> Container => Map(Assert.Single(List(Template["containers"])));

    public Dictionary<object, object> Tags => Map(yaml["tags"]);

    public (int Least, int Most) Replicas => (Number(Map(Template["scale"])["minReplicas"]), Number(Map(Template["scale"])["maxReplicas"]));

    /// <summary>The variables whose values anybody who may read the app sees.</summary>
    public Dictionary<string, string> Plain => Variables.Where(variable => variable.ContainsKey("value"))
        .ToDictionary(variable => Text(variable["name"]), variable => Text(variable["value"]));

    /// <summary>The variables whose values are secrets of the app.</summary>
    public Dictionary<string, string> Secret
    {
        get
        {
            var values = List(Configuration.GetValueOrDefault("secrets", new List<object>())).Select(Map)
                .ToDictionary(secret => Text(secret["name"]), secret => Text(secret["value"]));
            return Variables.Where(variable => variable.ContainsKey("secretRef"))
                .ToDictionary(variable => Text(variable["name"]), variable => values[Text(variable["secretRef"])]);
        }
    }

    /// <summary>What a probe of a kind asks: path and port, or the port alone.</summary>
    public (string? Path, int Port) Probe(string type)
    {
        var probe = Map(Assert.Single(List(Container["probes"]), probe => Text(Map(probe)["type"]) == type));

        // What the API accepts.
        Assert.InRange(Number(probe["failureThreshold"]), 1, 10);
        Assert.InRange(Number(probe["periodSeconds"]), 1, 240);
        Assert.InRange(Number(probe["timeoutSeconds"]), 1, 240);
        return probe.TryGetValue("httpGet", out var get)
            ? (Text(Map(get)["path"]), Number(Map(get)["port"]))
            : (null, Number(Map(probe["tcpSocket"])["port"]));
    }

    public static Dictionary<object, object> Map(object value) => Assert.IsType<Dictionary<object, object>>(value);

    public static List<object> List(object value) => Assert.IsType<List<object>>(value);

    public static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    public static int Number(object value) => Convert.ToInt32(value, CultureInfo.InvariantCulture);

    private IEnumerable<Dictionary<object, object>> Variables => List(Container["env"]).Select(Map);
}
