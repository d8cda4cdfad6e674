using Aspire.Hosting.ApplicationModel;
using ReplyX.LocalHosting.Orchestration;

namespace ReplyX.LocalHosting.Model;

/// <summary>The replica whose environment and arguments are being put together, so that a target port can be its own.</summary>
internal static class InstanceScope
{
    private static readonly AsyncLocal<ResourceInstance?> Instance = new();

    public static void Enter(ResourceInstance instance) => Instance.Value = instance;

    public static int TargetPort(IResource resource, EndpointSpec endpoint) =>
        Instance.Value is { } instance && ReferenceEquals(instance.Resource, resource) ? instance.TargetPort(endpoint) : endpoint.Port;
}
