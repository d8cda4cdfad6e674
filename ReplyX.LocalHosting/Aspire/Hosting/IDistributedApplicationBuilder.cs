using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Composes an application out of resources.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>The folder of the host's project.</summary>
    string AppHostDirectory { get; }

    /// <summary>Settings: files, user secrets, environment, command line.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>Where the host runs: Development, Production.</summary>
    IHostEnvironment Environment { get; }

    /// <summary>Whether the application runs or is published.</summary>
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>The host's own services, health checks among them.</summary>
    IServiceCollection Services { get; }

    /// <summary>Adds a resource.</summary>
    /// <typeparam name="T">The kind of resource.</typeparam>
    /// <param name="resource">The resource.</param>
    /// <returns>A builder for it.</returns>
    /// <exception cref="DistributedApplicationException">There is one of that name already.</exception>
    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    /// <summary>Ends the composition.</summary>
    /// <returns>The application, not started.</returns>
    DistributedApplication Build();
}

/// <summary>Says whether the application runs or is published.</summary>
public class DistributedApplicationExecutionContext
{
    internal DistributedApplicationExecutionContext(bool isPublishMode) => IsPublishMode = isPublishMode;

    /// <summary>Whether a manifest is being written; then nothing is started.</summary>
    public bool IsPublishMode { get; }

    /// <summary>Whether the application runs on this machine.</summary>
    public bool IsRunMode => !IsPublishMode;
}
