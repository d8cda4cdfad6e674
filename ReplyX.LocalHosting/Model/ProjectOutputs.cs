using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace ReplyX.LocalHosting.Model;

/// <summary>Where the AppHost's build put the assembly of each project it refers to; written by Local.targets.</summary>
internal sealed class ProjectOutputs(IReadOnlyDictionary<string, string> assemblies)
{
    private const string Prefix = "LocalEngineProject:";

    public static ProjectOutputs From(Assembly host) => new(host.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Where(metadata => metadata.Key.StartsWith(Prefix, StringComparison.Ordinal) && metadata.Value is not null)
        .ToDictionary(metadata => metadata.Key[Prefix.Length..], metadata => metadata.Value!, StringComparer.OrdinalIgnoreCase));

    public (string Assembly, string Folder) Find(ProjectResource project)
    {
        var path = project.Annotations.OfType<IProjectMetadata>().LastOrDefault()?.ProjectPath
            ?? throw new DistributedApplicationException($"Project '{project.Name}' does not say where it is.");
        if (!assemblies.TryGetValue(path, out var assembly) || !File.Exists(assembly))
        {
            throw new DistributedApplicationException($"Project '{project.Name}' has not been built: build the AppHost, which builds it too.");
        }

        return (assembly, Path.GetDirectoryName(path)!);
    }
}
