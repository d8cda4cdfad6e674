namespace ReplyX.AppHost;

/// <summary>The commands that take one realtime node out of service and put it back.</summary>
internal static class DrainCommands
{
    public static IResourceBuilder<ProjectResource> WithDrainCommands(this IResourceBuilder<ProjectResource> realtime) => realtime
        .WithCommand("drain", "Drain", context => RunningReplica.CallAsync(context, async http =>
        {
            var state = await http.PostAsync<NodeDrainState>("/internal/drain", body: null, context.CancellationToken).ConfigureAwait(false);
            return $"Node {state.Node} ({context.ResourceName}) drains; sockets to hand over: {state.Sockets}.";
        }), new CommandOptions
        {
            Description = "This node refuses sockets and hands its own over to the others. It runs on, and 'Undrain' puts it back.",
            ConfirmationMessage = "Hand this node's sockets over to the other nodes?",
            IconName = "PlugDisconnected",
        })
        .WithCommand("undrain", "Undrain", context => RunningReplica.CallAsync(context, async http =>
        {
            var state = await http.PostAsync<NodeDrainState>("/internal/undrain", body: null, context.CancellationToken).ConfigureAwait(false);
            return $"Node {state.Node} ({context.ResourceName}) takes sockets again.";
        }), new CommandOptions
        {
            Description = "This node takes sockets again.",
            IconName = "PlugConnected",
        });

    /// <summary>What a node answers: its name, and how many sockets it holds.</summary>
    private sealed record NodeDrainState(string Node, int Sockets);
}
