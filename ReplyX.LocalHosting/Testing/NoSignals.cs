using Microsoft.Extensions.Hosting;

namespace ReplyX.LocalHosting.Testing;

/// <summary>Ignores signals: in a test they are for the test runner.</summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
