using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ReplyX.LocalHosting.Model;
using ReplyX.LocalHosting.Orchestration;

namespace ReplyX.LocalHosting.Health;

/// <summary>Checks whether a replica is healthy: by HTTP on its own port, and by the health checks registered for its resource.</summary>
internal sealed class HealthProbe(HealthCheckService checks) : IDisposable
{
    // A service on the same machine that does not answer in this time is not healthy, and the next check follows soon.
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    // Connections are not pooled: a pooled one does not show whether the replica still accepts new ones.
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.Zero,
    });

    public static bool IsProbed(IResource resource) =>
        resource.Annotations.Any(annotation => annotation is HttpHealthSpec or HealthCheckAnnotation);

    /// <summary>Null if healthy, else why not.</summary>
    public async Task<string?> CheckAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeout);
        try
        {
            foreach (var spec in instance.Resource.Annotations.OfType<HttpHealthSpec>())
            {
                if (await CheckHttpAsync(instance, spec, limit.Token).ConfigureAwait(false) is { } reason)
                {
                    return reason;
                }
            }

            var keys = instance.Resource.Annotations.OfType<HealthCheckAnnotation>().Select(annotation => annotation.Key).ToHashSet();
            if (keys.Count > 0)
            {
                var report = await checks.CheckHealthAsync(check => keys.Contains(check.Name), limit.Token).ConfigureAwait(false);
                if (report.Entries.Count != keys.Count)
                {
                    return $"a health check of {string.Join(", ", keys)} is not registered";
                }

                if (report.Status != HealthStatus.Healthy)
                {
                    var bad = report.Entries.First(entry => entry.Value.Status != HealthStatus.Healthy);
                    return $"health check {bad.Key}: {bad.Value.Description ?? bad.Value.Exception?.Message ?? bad.Value.Status.ToString()}";
                }
            }

            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {_timeout.TotalSeconds:0} s";
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<string?> CheckHttpAsync(ResourceInstance instance, HttpHealthSpec spec, CancellationToken cancellationToken)
    {
        var endpoint = EndpointSpec.Find(instance.Resource, spec.EndpointName);
        if (endpoint is null)
        {
            return "it has no HTTP endpoint for its health check";
        }

        try
        {
            var address = new Uri($"{endpoint.Scheme}://{EndpointSpec.Host}:{instance.TargetPort(endpoint)}{spec.Path}");
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return (int)response.StatusCode == spec.StatusCode ? null : $"{spec.Path} answers {(int)response.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            return $"{spec.Path}: {e.Message}";
        }
    }
}
