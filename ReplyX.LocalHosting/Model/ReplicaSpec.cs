using Aspire.Hosting.ApplicationModel;

namespace ReplyX.LocalHosting.Model;

internal sealed record ReplicaSpec(int Count) : IResourceAnnotation
{
    public static int CountOf(IResource resource) => resource.Annotations.OfType<ReplicaSpec>().LastOrDefault()?.Count ?? 1;
}
