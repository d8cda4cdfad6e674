using Aspire.Hosting.ApplicationModel;

namespace ReplyX.LocalHosting.Model;

internal static class ServiceDiscovery
{
    /// <summary>Adds both forms of an address: the one that .NET service discovery reads, and the plain one.</summary>
    public static void Add(Dictionary<string, object> variables, string resource, EndpointReference endpoint)
    {
        variables[$"{VariableName.Encode(resource)}_{VariableName.Encode(endpoint.EndpointName)}"] = endpoint;

        // An endpoint named after a scheme is looked up by its scheme, any other by its name.
        var key = endpoint.EndpointName is "http" or "https" ? endpoint.Scheme : endpoint.EndpointName;
        var prefix = $"services__{resource}__{key}__";
        var index = 0;
        while (variables.ContainsKey($"{prefix}{index}"))
        {
            index++;
        }

        variables[$"{prefix}{index}"] = endpoint;
    }
}

internal static class VariableName
{
    /// <summary>Makes a variable's name from a resource's name: <c>my-redis</c> becomes <c>MY_REDIS</c>.</summary>
    public static string Encode(string name)
    {
        var text = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
        return char.IsAsciiDigit(text[0]) ? "_" + text : text;
    }
}
