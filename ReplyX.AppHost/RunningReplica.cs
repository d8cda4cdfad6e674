using Microsoft.Extensions.DependencyInjection;

namespace ReplyX.AppHost;

/// <summary>The process that a command was given for.</summary>
internal static class RunningReplica
{
    /// <summary>
    /// The address that the replica's own process listens on; null if it does not run. Each row of the dashboard is one process, and
    /// shows that process's variables; the resource's own address may be a proxy's, which would choose any replica.
    /// </summary>
    public static Uri? AddressOf(ExecuteCommandContext context)
    {
        // Every Aspire 13.x has ServiceProvider; the latest ones call it Services too.
#pragma warning disable CS0618
        var rows = context.ServiceProvider.GetRequiredService<ResourceNotificationService>();
#pragma warning restore CS0618
        return rows.TryGetCurrentState(context.ResourceName, out var row)
            && row is { Snapshot.State.Text: var state }
            && state == KnownResourceStates.Running
            && row.Snapshot.EnvironmentVariables.FirstOrDefault(variable => variable.Name == "ASPNETCORE_URLS")?.Value?.Split(';')[0] is { } url
            && Uri.TryCreate(url, UriKind.Absolute, out var address)
                ? address
                : null;
    }
}
