using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReplyX.LocalHosting.Model;

namespace Aspire.Hosting;

/// <summary>A composed application.</summary>
public class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly LocalApplication _application;

    internal DistributedApplication(LocalApplication application) => _application = application;

    /// <summary>The host's services.</summary>
    public IServiceProvider Services => _application.Services;

    /// <summary>Carries out commands on resources.</summary>
    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    /// <summary>Reports the state of resources.</summary>
    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    /// <summary>Begins to compose an application.</summary>
    /// <param name="args">The host's command line.</param>
    /// <returns>The builder.</returns>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new LocalApplicationBuilder(args);

    /// <summary>Runs until asked to stop, as <see cref="RunAsync"/>.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Starts everything, says when it is ready, and runs until Ctrl+C, SIGTERM or the token. Failures are printed and set the exit code.</summary>
    /// <param name="cancellationToken">Stops the application.</param>
    /// <returns>A task that ends once everything has stopped.</returns>
    public virtual Task RunAsync(CancellationToken cancellationToken = default) => _application.RunAsync(cancellationToken);

    /// <summary>Begins to start everything; does not wait for resources to become healthy.</summary>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>A task that ends when ports are given out and the first processes are on their way.</returns>
    /// <exception cref="DistributedApplicationException">A port is taken, or a resource cannot be run here.</exception>
    public virtual Task StartAsync(CancellationToken cancellationToken = default) => _application.StartAsync(cancellationToken);

    /// <summary>Stops everything, dependents first, within a bounded time.</summary>
    /// <param name="cancellationToken">Not needed: the time is bounded as it is.</param>
    /// <returns>A task that ends once no process is left.</returns>
    public virtual Task StopAsync(CancellationToken cancellationToken = default) => _application.StopAsync();

    /// <inheritdoc />
    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }
}
