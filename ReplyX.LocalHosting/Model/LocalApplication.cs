using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReplyX.LocalHosting.Console;
using ReplyX.LocalHosting.Orchestration;
using ReplyX.LocalHosting.Publishing;
using ReplyX.LocalHosting.Testing;

namespace ReplyX.LocalHosting.Model;

/// <summary>Runs an application, from Run() to the end of its last process, prints what happens, and sets the exit code.</summary>
internal sealed class LocalApplication(IHost host, EntryPointSession? session) : IAsyncDisposable
{
    private const int Failure = 1;

    private readonly Orchestrator _orchestrator = host.Services.GetRequiredService<Orchestrator>();
    private readonly ResourceConsole _console = host.Services.GetRequiredService<ResourceConsole>();
    private bool _disposed;

    public IServiceProvider Services => host.Services;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await host.StartAsync(cancellationToken).ConfigureAwait(false);
        await _orchestrator.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task StopAsync()
    {
        await _orchestrator.StopAsync().ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (session is not null)
        {
            await session.WaitForTestEndAsync().ConfigureAwait(false);
            return;
        }

        if (Services.GetRequiredService<DistributedApplicationExecutionContext>().IsPublishMode)
        {
            await PublishAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        _console.WriteLine($"Engine: local ({Services.GetRequiredService<EngineReason>()}); every resource runs as a process of this machine.");
        var lifetime = Services.GetRequiredService<IHostApplicationLifetime>();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            await StartAsync(stopping.Token).ConfigureAwait(false);
            await _orchestrator.WaitUntilReadyAsync(stopping.Token).ConfigureAwait(false);
            _orchestrator.ReportsExits = true;
            Announce();
            await Task.Delay(Timeout.Infinite, stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _console.WriteLine("Stopping.");
        }
        catch (DistributedApplicationException e)
        {
            Fail(e.Message);
        }
        finally
        {
            await StopAsync().ConfigureAwait(false);
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await StopAsync().ConfigureAwait(false);
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync().ConfigureAwait(false);
        }

        session?.Dispose();
    }

    // Only the manifest can be written here, so that it can be checked; building images and deploying need Aspire.
    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        var configuration = Services.GetRequiredService<IConfiguration>();
        if (configuration["publisher"] != "manifest" && configuration["step"] != "publish-manifest")
        {
            Fail("Publishing needs Aspire: the local engine runs the application, and writes its manifest (--publisher manifest). Restore where NuGet serves Aspire, or with -p:UseAspire=true.");
            return;
        }

        if (configuration["output-path"] is not { Length: > 0 } path)
        {
            Fail("The '--output-path [path]' option was not specified even though '--publisher manifest' argument was used.");
            return;
        }

        try
        {
            await new ManifestWriter(Services.GetRequiredService<ResourceList>(), Services.GetRequiredService<DistributedApplicationExecutionContext>())
                .WriteAsync(path, cancellationToken).ConfigureAwait(false);
            _console.WriteLine($"Published manifest to: {Path.GetFullPath(path)}");
        }
        catch (Exception e) when (e is DistributedApplicationException or IOException or UnauthorizedAccessException)
        {
            Fail(e.Message);
        }
    }

    private void Fail(string line)
    {
        _console.WriteError(line);
        Environment.ExitCode = Failure;
    }

    private void Announce()
    {
        var registry = Services.GetRequiredService<InstanceRegistry>();
        _console.WriteTable(registry.All.GroupBy(instance => instance.Resource).Select(group => (
            group.Key.Name,
            group.Count() == 1 ? "healthy" : string.Create(CultureInfo.InvariantCulture, $"healthy, {group.Count()} replicas"),
            string.Join("  ", UrlsOf(group.Key)))));

        if (Services.GetRequiredService<ResourceList>().OfType<ParameterResource>().Select(parameter => parameter.Name).ToList() is { Count: > 0 } names)
        {
            _console.WriteLine($"Values of {string.Join(", ", names)}: dotnet user-secrets list, in the AppHost's folder.");
        }

        // Since the start of the process: that is how long the user has waited.
        var since = DateTime.Now - Process.GetCurrentProcess().StartTime;
        _console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Ready in {since.TotalSeconds:0.0} s. Ctrl+C stops everything."));
    }

    private static IEnumerable<string> UrlsOf(IResource resource)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointSpec>())
        {
            var reference = new EndpointReference((IResourceWithEndpoints)resource, endpoint.Name);
            var url = new ResourceUrlAnnotation { Url = reference.Url, Endpoint = reference };
            foreach (var spec in resource.Annotations.OfType<UrlSpec>().Where(spec => spec.EndpointName == endpoint.Name))
            {
                spec.Change(url);
            }

            var further = resource.Annotations.OfType<FurtherUrlSpec>().Where(spec => spec.EndpointName == endpoint.Name).Select(spec => spec.Make(reference));
            foreach (var shown in further.Prepend(url))
            {
                var address = new Uri(new Uri(reference.Url), shown.Url).ToString().TrimEnd('/');
                yield return shown.DisplayText is { } text ? $"{address} ({text})" : address;
            }
        }
    }
}
