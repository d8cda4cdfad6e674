namespace Aspire.Hosting.Testing;

/// <summary>
/// An application that its own entry point has composed and a test may still change. Disposed of, it disposes of the application that it
/// built: it has to be kept as long as that.
/// </summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>Ends the composition.</summary>
    /// <param name="cancellationToken">Ends the wait for the entry point.</param>
    /// <returns>The application, not started.</returns>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
