using Aspire.Hosting.ApplicationModel;

namespace ReplyX.LocalHosting.Model;

internal sealed record WaitSpec(IResource Resource) : IResourceAnnotation
{
    public static IEnumerable<IResource> DependenciesOf(IResource resource) =>
        resource.Annotations.OfType<WaitSpec>().Select(wait => wait.Resource).Distinct();
}
