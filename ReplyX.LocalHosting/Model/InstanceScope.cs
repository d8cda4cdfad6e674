using Aspire.Hosting.ApplicationModel;
using ReplyX.LocalHosting.Orchestration;

namespace ReplyX.LocalHosting.Model;

/// <summary>The replica whose environment and arguments are built now: a target port in them is the one of this replica.</summary>
internal static class InstanceScope
{
    private static readonly AsyncLocal<ResourceInstance?> _instance = new();

    public static void Enter(ResourceInstance instance) => _instance.Value = instance;

    public static int TargetPort(IResource resource, EndpointSpec endpoint) =>
        _instance.Value is { } instance && ReferenceEquals(instance.Resource, resource) ? instance.TargetPort(endpoint) : endpoint.Port;
}
