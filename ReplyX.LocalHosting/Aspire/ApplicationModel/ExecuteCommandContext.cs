using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a command's code is given.</summary>
public sealed class ExecuteCommandContext
{
    /// <summary>The services of the application's host.</summary>
    public required IServiceProvider ServiceProvider { get; init; }

    /// <summary>The id of the resource or replica that the command is for.</summary>
    public required string ResourceName { get; init; }

    /// <summary>Ends the command.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>Where the command writes what it does.</summary>
    public required ILogger Logger { get; init; }
}
