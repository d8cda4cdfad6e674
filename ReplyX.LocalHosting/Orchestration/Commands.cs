using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;
using ReplyX.LocalHosting.Model;

namespace ReplyX.LocalHosting.Orchestration;

/// <summary>Runs the commands on resources: start, stop, restart, and those that the AppHost added.</summary>
internal sealed class Commands(InstanceRegistry instances, Orchestrator orchestrator, IServiceProvider services, ILoggerFactory loggers)
{
    public async Task<ExecuteCommandResult> ExecuteAsync(string nameOrId, string command, CancellationToken cancellationToken)
    {
        // As on Aspire: a name that several replicas share does not select one.
        return instances.Find(nameOrId) is [var instance]
            ? await ExecuteAsync(instance, command, cancellationToken).ConfigureAwait(false)
            : CommandResults.Failure($"Resource '{nameOrId}' not found.");
    }

    private async Task<ExecuteCommandResult> ExecuteAsync(ResourceInstance instance, string command, CancellationToken cancellationToken)
    {
        if (instance.Resource.Annotations.OfType<CommandSpec>().LastOrDefault(spec => spec.Name == command) is { } custom)
        {
            return await custom.Execute(new ExecuteCommandContext
            {
                ServiceProvider = services,
                ResourceName = instance.Id,
                CancellationToken = cancellationToken,
                Logger = loggers.CreateLogger(instance.Id),
            }).ConfigureAwait(false);
        }

        await instance.CommandLock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            switch (command)
            {
                case "stop":
                    await Orchestrator.StopInstanceAsync(instance).ConfigureAwait(false);
                    return CommandResults.Success();
                case "start" when instance.Process is not null:
                    return CommandResults.Failure($"'{instance.Id}' runs already.");
                case "restart":
                    await Orchestrator.StopInstanceAsync(instance).ConfigureAwait(false);
                    goto case "start";
                case "start":
                    await orchestrator.LaunchAsync(instance, cancellationToken).ConfigureAwait(false);
                    return CommandResults.Success();
                default:
                    return CommandResults.Failure($"'{instance.Id}' has no command '{command}'.");
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            instance.Failed(e.Message);
            return CommandResults.Failure(e.Message);
        }
        finally
        {
            instance.CommandLock.Release();
        }
    }
}
