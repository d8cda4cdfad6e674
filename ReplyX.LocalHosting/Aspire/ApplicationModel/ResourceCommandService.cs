using ReplyX.LocalHosting.Orchestration;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Carries out commands on resources.</summary>
public class ResourceCommandService
{
    private readonly Commands _commands;

    internal ResourceCommandService(Commands commands) => _commands = commands;

    /// <summary>Carries out a command.</summary>
    /// <param name="resourceId">The id of a replica, or a resource's name if it has one instance only.</param>
    /// <param name="commandName">One of <see cref="KnownResourceCommands"/>, or one added by WithCommand.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    /// <returns>How it ended; an unknown resource or command is a failure, not an exception.</returns>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default) =>
        _commands.ExecuteAsync(resourceId, commandName, cancellationToken);
}
