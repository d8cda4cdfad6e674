using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReplyX.LocalHosting.Model;

namespace ReplyX.LocalHosting.Testing;

internal sealed class TestingBuilder(LocalApplicationBuilder builder, EntryPointSession session) : IDistributedApplicationTestingBuilder
{
    private bool _built;

    public string AppHostDirectory => builder.AppHostDirectory;

    public ConfigurationManager Configuration => builder.Configuration;

    public IHostEnvironment Environment => builder.Environment;

    public DistributedApplicationExecutionContext ExecutionContext => builder.ExecutionContext;

    public IServiceCollection Services => builder.Services;

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource => builder.AddResource(resource);

    public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default)
    {
        var application = await session.BuildAsync(cancellationToken).ConfigureAwait(false);
        _built = true;
        return application;
    }

    /// <summary>Once built, the application ends the session.</summary>
    public ValueTask DisposeAsync()
    {
        if (!_built)
        {
            session.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
