using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using ReplyX.Realtime.Nodes;

namespace ReplyX.Realtime.Draining;

internal static class DrainEndpoints
{
    /// <summary>Maps the commands that take this node out of service, without ending it, and put it back.</summary>
    public static void MapDrain(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/internal").RequireOperationsToken();
        group.MapPost("/drain", (Drainer drainer, NodeIdentity node) =>
            Answer(StatusCodes.Status202Accepted, new NodeDrainState(node.Id, Draining: true, drainer.Drain())));
        group.MapPost("/undrain", IResult (Drainer drainer, NodeIdentity node, Connections.ConnectionTable connections) => drainer.Undrain()
            ? Answer(StatusCodes.Status200OK, new NodeDrainState(node.Id, Draining: false, connections.Count))
            : TypedResults.Problem(
                statusCode: StatusCodes.Status409Conflict,
                title: "The node is stopping.",
                type: "https://replyx.dev/problems/stopping",
                extensions: new Dictionary<string, object?> { ["code"] = "stopping" }));
    }

    private static JsonHttpResult<NodeDrainState> Answer(int status, NodeDrainState state) =>
        TypedResults.Json(state, DrainJson.Default.NodeDrainState, statusCode: status);
}

/// <summary>What a node says of itself when it is drained or put back.</summary>
/// <param name="Node">The node's id.</param>
/// <param name="Draining">Whether it is out of service.</param>
/// <param name="Sockets">How many sockets it holds.</param>
internal sealed record NodeDrainState(string Node, bool Draining, int Sockets);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NodeDrainState))]
internal sealed partial class DrainJson : JsonSerializerContext;
