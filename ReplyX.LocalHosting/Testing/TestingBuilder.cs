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
    private DistributedApplication? _application;

    public string AppHostDirectory => builder.AppHostDirectory;

    public ConfigurationManager Configuration => builder.Configuration;

    public IHostEnvironment Environment => builder.Environment;

    public DistributedApplicationExecutionContext ExecutionContext => builder.ExecutionContext;

    public IServiceCollection Services => builder.Services;

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource => builder.AddResource(resource);

    public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) =>
        _application = await session.BuildAsync(cancellationToken).ConfigureAwait(false);

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>As on Aspire, an application that was built ends with its builder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_application is null)
        {
            session.Dispose();
            return;
        }

        await _application.DisposeAsync().ConfigureAwait(false);
    }
}
