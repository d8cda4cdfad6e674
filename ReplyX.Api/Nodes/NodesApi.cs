using Microsoft.AspNetCore.Http.HttpResults;
using ReplyX.Api.Authentication;
using ReplyX.Messaging.Nodes;

namespace ReplyX.Api.Nodes;

/// <summary>
/// The realtime nodes, for Prometheus and for operators of the platform. Their metrics are read through this service, because a
/// Prometheus in a container cannot reach the host's loopback, and from outside only the proxy before the nodes is known.
/// </summary>
internal static class NodesApi
{
    public static void AddNodes(this IServiceCollection services)
    {
        services.AddSingleton<NodeClient>();
        services.AddSingleton<ClusterWatch>();
        services.AddSingleton<KnownNodes>();
    }

    /// <summary>What an account's operators see of the nodes.</summary>
    public static void MapStatus(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/status", async (ClusterWatch watch, CancellationToken cancellationToken) =>
                TypedResults.Ok(await watch.LookAsync(cancellationToken)))
            .RequireCredential(Credential.Operator)
            .WithTags("Operator")
            .WithSummary("How the realtime nodes do")
            .WithDescription(
                "Counters are totals since each node's start: two answers make a rate. Latencies are of the last half minute. "
                + "Asked of the nodes once a second at most, whoever asks.");

    public static void MapNodes(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/internal").WithTags("Internal").RequireMetricsToken().DisableRateLimiting();
        group.MapGet("/nodes", async (NodeRegistry nodes, CancellationToken cancellationToken) =>
                TypedResults.Ok<IReadOnlyList<NodeView>>([.. (await nodes.ListAsync(cancellationToken)).Select(NodeView.Of)]))
            .WithSummary("List the live realtime nodes");
        group.MapGet("/prometheus/targets", TargetsAsync)
            .WithSummary("Prometheus' HTTP service discovery")
            .WithDescription("Every target is this service as the caller reached it; the path tells the node.");
        group.MapGet("/nodes/{id}/metrics", MetricsAsync).WithSummary("A node's metrics");

        var operations = routes.MapGroup("/internal/nodes/{id}").WithTags("Internal").RequireOperationsToken().DisableRateLimiting();
        operations.MapPost("/drain", DrainAsync)
            .WithSummary("Take a node out of service")
            .WithDescription("It refuses sockets and closes its own in batches, as before a stop, and runs on. 202 says that it has begun.");
        operations.MapPost("/undrain", UndrainAsync)
            .WithSummary("Put a node back into service")
            .WithDescription("Sockets that it has not closed yet stay.");
    }

    private static async Task<Ok<IReadOnlyList<ScrapeTarget>>> TargetsAsync(
        HttpRequest request, NodeRegistry nodes, CancellationToken cancellationToken)
    {
        string[] here = [request.Host.ToUriComponent()];
        var targets = (await nodes.ListAsync(cancellationToken))
            .Select(node => Target(here, "realtime", node.Id, $"/internal/nodes/{Uri.EscapeDataString(node.Id)}/metrics"))
            .Prepend(Target(here, "api", here[0], "/metrics"));
        return TypedResults.Ok<IReadOnlyList<ScrapeTarget>>([.. targets]);
    }

    private static ScrapeTarget Target(string[] here, string job, string instance, string path) => new(here, new Dictionary<string, string>
    {
        ["__metrics_path__"] = path,
        ["instance"] = instance,
        ["job"] = job,
    });

    private static async Task<Results<FileContentHttpResult, Problem>> MetricsAsync(
        string id, HttpRequest request, KnownNodes nodes, NodeClient client, CancellationToken cancellationToken)
    {
        if (await nodes.FindAsync(id, cancellationToken) is not { } node)
        {
            return Problem.NodeNotFound;
        }

        return await client.GetMetricsAsync(node, request, cancellationToken) is var (content, type)
            ? TypedResults.Bytes(content, type)
            : Problem.NodeUnreachable;
    }

    private static async Task<Results<Accepted<NodeDrainState>, Problem>> DrainAsync(
        string id, HttpRequest request, NodeRegistry nodes, NodeClient client, CancellationToken cancellationToken) =>
        await CommandAsync(id, "drain", request, nodes, client, cancellationToken) is var (state, problem) && state is not null
            ? TypedResults.Accepted((string?)null, state)
            : problem!;

    private static async Task<Results<Ok<NodeDrainState>, Problem>> UndrainAsync(
        string id, HttpRequest request, NodeRegistry nodes, NodeClient client, CancellationToken cancellationToken) =>
        await CommandAsync(id, "undrain", request, nodes, client, cancellationToken) is var (state, problem) && state is not null
            ? TypedResults.Ok(state)
            : problem!;

    private static async Task<(NodeDrainState? State, Problem? Problem)> CommandAsync(
        string id, string command, HttpRequest request, NodeRegistry nodes, NodeClient client, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, nodes, cancellationToken) is not { } node)
        {
            return (null, Problem.NodeNotFound);
        }

        return await client.CommandAsync(node, command, request, cancellationToken);
    }

    private static async Task<NodeReport?> FindAsync(string id, NodeRegistry nodes, CancellationToken cancellationToken) =>
        (await nodes.ListAsync(cancellationToken)).FirstOrDefault(node => node.Id == id);
}
