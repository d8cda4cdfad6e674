using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using ReplyX.LocalHosting.Model;

namespace ReplyX.LocalHosting.Testing;

/// <summary>
/// Runs an AppHost's real entry point on its own thread. The entry point waits in Build() while the test changes the composition, and in
/// Run() until the test has ended.
/// </summary>
internal sealed class EntryPointSession(Assembly assembly) : IDisposable
{
    // Composing only looks for programs and files.
    private static readonly TimeSpan _composeTimeout = TimeSpan.FromSeconds(30);

    private static readonly AsyncLocal<EntryPointSession?> _local = new();

    private readonly TaskCompletionSource<LocalApplicationBuilder> _composed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _mayBuild = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static EntryPointSession? Current => _local.Value;

    public Assembly Assembly { get; } = assembly;

    public static async Task<IDistributedApplicationTestingBuilder> StartAsync(Assembly assembly, string[] args, CancellationToken cancellationToken)
    {
        var entryPoint = assembly.EntryPoint
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} has no entry point.");
        var session = new EntryPointSession(assembly);
        new Thread(() => session.Run(entryPoint, args)) { IsBackground = true, Name = $"entry point of {assembly.GetName().Name}" }.Start();
        try
        {
            var builder = await session._composed.Task.WaitAsync(_composeTimeout, cancellationToken).ConfigureAwait(false);
            return new TestingBuilder(builder, session);
        }
        catch (TimeoutException e)
        {
            throw new DistributedApplicationException($"{assembly.GetName().Name} did not build an application within {_composeTimeout.TotalSeconds:0} s.", e);
        }
    }

    /// <summary>The test's side of Build().</summary>
    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _mayBuild.Set();
        return await _built.Task.WaitAsync(_composeTimeout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The entry point's side of Build().</summary>
    public void WaitForTestToBuild(LocalApplicationBuilder builder)
    {
        _composed.TrySetResult(builder);
        _mayBuild.Wait();
        if (_done.Task.IsCompleted)
        {
            throw new OperationCanceledException("The test ended before it built the application.");
        }
    }

    public void SetBuilt(DistributedApplication application) => _built.TrySetResult(application);

    public Task WaitForTestEndAsync() => _done.Task;

    /// <summary>Lets the entry point go on to its end.</summary>
    public void Dispose()
    {
        _done.TrySetResult();
        _mayBuild.Set();
    }

    private void Run(MethodInfo entryPoint, string[] args)
    {
        _local.Value = this;
        try
        {
            entryPoint.Invoke(null, entryPoint.GetParameters().Length == 0 ? null : [args]);
            Fail(new InvalidOperationException("The entry point ended without building an application."));
        }
        catch (TargetInvocationException e)
        {
            Fail(e.InnerException ?? e);
        }
    }

    private void Fail(Exception e)
    {
        _composed.TrySetException(e);
        _built.TrySetException(e);

        // Marks the exceptions as observed: one that nobody awaits must not end the test run.
        _ = _composed.Task.Exception;
        _ = _built.Task.Exception;
    }
}
