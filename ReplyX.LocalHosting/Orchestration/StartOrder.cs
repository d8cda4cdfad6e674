using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using ReplyX.LocalHosting.Model;

namespace ReplyX.LocalHosting.Orchestration;

internal static class StartOrder
{
    /// <summary>Ranks of resources: each waits only for resources of earlier ranks.</summary>
    /// <exception cref="DistributedApplicationException">Resources wait for each other in a circle.</exception>
    public static IReadOnlyList<IReadOnlyList<IResource>> Of(IReadOnlyList<IResource> resources)
    {
        var ranks = new List<IReadOnlyList<IResource>>();
        var left = resources.ToList();
        while (left.Count > 0)
        {
            var rank = left.Where(resource => !WaitSpec.DependenciesOf(resource).Any(left.Contains)).ToList();
            if (rank.Count == 0)
            {
                throw new DistributedApplicationException($"These resources wait for each other: {string.Join(", ", left.Select(resource => resource.Name))}.");
            }

            ranks.Add(rank);
            left.RemoveAll(rank.Contains);
        }

        return ranks;
    }
}
