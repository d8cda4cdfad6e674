namespace ReplyX.AppHost;

internal static class Draining
{
    /// <summary>
    /// Adds the command that makes one node take leave: it refuses sockets, hands its own over and exits. Stopping or restarting a
    /// replica does the same, by its SIGTERM; this lets the proxy choose.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithDrainCommand(this IResourceBuilder<ProjectResource> realtime) =>
        realtime.WithCommand("drain", "Drain a node", async context =>
        {
            using var http = new HttpClient();
            var address = await realtime.GetEndpoint("http").GetValueAsync(context.CancellationToken).ConfigureAwait(false);
            using var answer = await http.PostAsync(new Uri($"{address}/internal/drain"), null, context.CancellationToken).ConfigureAwait(false);
            return answer.IsSuccessStatusCode
                ? CommandResults.Success()
                : CommandResults.Failure($"The node answered {(int)answer.StatusCode}.");
        }, new CommandOptions { Description = "One node hands its sockets over to the others and exits." });
}
