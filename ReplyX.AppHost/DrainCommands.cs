using System.Net.Http.Json;

namespace ReplyX.AppHost;

/// <summary>
/// The commands that take one realtime node out of service and put it back. The resource's own address is that of the proxy, which would
/// choose any replica, so a command is sent to the address that the replica's own process listens on.
/// </summary>
internal static class DrainCommands
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    public static IResourceBuilder<ProjectResource> WithDrainCommands(this IResourceBuilder<ProjectResource> realtime) => realtime
        .WithCommand("drain", "Drain", context => SendAsync(context, "drain"), new CommandOptions
        {
            Description = "This node refuses sockets and hands its own over to the others. It runs on, and 'Undrain' puts it back.",
            ConfirmationMessage = "Hand this node's sockets over to the other nodes?",
            IconName = "PlugDisconnected",
        })
        .WithCommand("undrain", "Undrain", context => SendAsync(context, "undrain"), new CommandOptions
        {
            Description = "This node takes sockets again.",
            IconName = "PlugConnected",
        });

    private static async Task<ExecuteCommandResult> SendAsync(ExecuteCommandContext context, string command)
    {
        if (RunningReplica.AddressOf(context) is not { } address)
        {
            return CommandResults.Failure($"'{context.ResourceName}' does not run.");
        }

        using var http = new HttpClient { Timeout = _timeout };
        try
        {
            using var answer = await http.PostAsync(new Uri(address, $"/internal/{command}"), null, context.CancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
            {
                return CommandResults.Failure($"'{context.ResourceName}' answered {(int)answer.StatusCode}.");
            }

            var state = await answer.Content.ReadFromJsonAsync<NodeDrainState>(context.CancellationToken).ConfigureAwait(false);
            return CommandResults.Success(command == "drain"
                ? $"Node {state?.Node} ({context.ResourceName}) drains; sockets to hand over: {state?.Sockets}."
                : $"Node {state?.Node} ({context.ResourceName}) takes sockets again.");
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !context.CancellationToken.IsCancellationRequested))
        {
            return CommandResults.Failure($"'{context.ResourceName}' does not answer: {e.Message}");
        }
    }

    /// <summary>What a node answers: its name, and how many sockets it holds.</summary>
    private sealed record NodeDrainState(string Node, int Sockets);
}
