using Microsoft.Extensions.Hosting;

namespace ReplyX.LocalHosting.Testing;

/// <summary>In a test, signals are the test runner's.</summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
