using Microsoft.AspNetCore.Http.HttpResults;
using ReplyX.Realtime.Connections;
using ReplyX.Realtime.Nodes;
using ReplyX.ServiceDefaults.Problems;

namespace ReplyX.Realtime.Draining;

internal static class DrainEndpoints
{
    /// <summary>Maps the commands that take this node out of service, without ending it, and put it back.</summary>
    public static void MapDrain(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/internal").RequireOperationsToken();
        group.MapPost("/drain", (Drainer drainer, NodeIdentity node) =>
            Answer(StatusCodes.Status202Accepted, new NodeDrainState(node.Id, Draining: true, drainer.Drain())));
        group.MapPost("/undrain", IResult (Drainer drainer, NodeIdentity node, ConnectionTable connections) => drainer.Undrain()
            ? Answer(StatusCodes.Status200OK, new NodeDrainState(node.Id, Draining: false, connections.Count))
            : TypedResults.Problem(ProblemFormat.Create(StatusCodes.Status409Conflict, "node_stopping", "The node is stopping.")));
    }

    private static JsonHttpResult<NodeDrainState> Answer(int status, NodeDrainState state) =>
        TypedResults.Json(state, DrainJson.Default.NodeDrainState, statusCode: status);
}
