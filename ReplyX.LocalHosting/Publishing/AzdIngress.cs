using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using ReplyX.LocalHosting.Model;

namespace ReplyX.LocalHosting.Publishing;

/// <summary>
/// Checks the rules by which azd maps a resource's endpoints to the one ingress of a container app. azd refuses a manifest that breaks
/// one; here that is found before a deployment.
/// </summary>
internal static class AzdIngress
{
    private const int HttpPort = 80;
    private const int HttpsPort = 443;

    /// <exception cref="DistributedApplicationException">azd would refuse the resource; the message says why, as azd's own does.</exception>
    public static void Check(IResource resource)
    {
        var endpoints = resource.Annotations.OfType<EndpointSpec>().ToList();

        // Endpoints on one port of the container are one mapping; those that leave the port to the image share the default one.
        var groups = endpoints.GroupBy(endpoint => endpoint.FixedTargetPort).ToList();
        if (endpoints.FirstOrDefault(endpoint => endpoint.IsExternal && !IsHttp(endpoint)) is { } open)
        {
            throw Refused(resource, $"binding '{open.Name}': external non-HTTP(s) endpoints are not supported");
        }

        var external = groups.Count(group => group.Any(endpoint => endpoint.IsExternal));
        if (external > 1)
        {
            throw Refused(resource, "multiple external endpoints are not supported");
        }

        var http = groups.Where(group => group.All(IsHttp)).ToList();
        var main = http.FirstOrDefault(group => group.Any(endpoint => endpoint.IsExternal)) ?? http.FirstOrDefault();
        foreach (var endpoint in main ?? Enumerable.Empty<EndpointSpec>())
        {
            var expected = endpoint.Scheme == "https" ? HttpsPort : HttpPort;
            if (endpoint.FixedPort is { } port && port != expected)
            {
                throw Refused(resource, string.Create(
                    CultureInfo.InvariantCulture,
                    $"binding {endpoint.Name} can't be mapped to main ingress because it has port {port} defined; main ingress only supports port {expected} for {endpoint.Scheme} scheme"));
            }
        }
    }

    private static bool IsHttp(EndpointSpec endpoint) => endpoint.Scheme is "http" or "https";

    private static DistributedApplicationException Refused(IResource resource, string why) =>
        new($"azd would refuse the manifest. Resource '{resource.Name}': {why}.");
}
