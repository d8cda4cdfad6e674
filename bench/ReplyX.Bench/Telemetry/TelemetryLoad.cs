using ReplyX.Bench.Peers;

namespace ReplyX.Bench.Telemetry;

/// <summary>A closed loop of messages, posted to the Api, and what is counted in it.</summary>
/// <param name="Name">What results call it.</param>
/// <param name="Title">What it is, for the page.</param>
/// <param name="Operation">What CPU time is counted for.</param>
/// <param name="Judged">The processes whose CPU time is judged.</param>
/// <param name="Rooms">How many dialogs there are.</param>
/// <param name="SocketsPerRoom">How many sockets each has.</param>
/// <param name="InFlight">How many messages are always under way.</param>
internal sealed record TelemetryLoad(string Name, string Title, string Operation, IReadOnlyList<string> Judged, int Rooms, int SocketsPerRoom, int InFlight)
{
    /// <summary>Both saturate the machine, where a delivery and a message cost least: whatever is added weighs most there.</summary>
    public static IReadOnlyList<TelemetryLoad> All { get; } =
    [
        new("delivery", "one dialog of 1,000 sockets, 8 messages under way", "delivery", [ReplyXPeer.RealtimeProcess], Rooms: 1, SocketsPerRoom: 1_000, InFlight: 8),
        new("message", "200 dialogs of 2 sockets, 16 messages under way", "message", [ReplyXPeer.ApiProcess, ReplyXPeer.RealtimeProcess], Rooms: 200, SocketsPerRoom: 2, InFlight: 16),
    ];

    public bool CountsDeliveries => Operation == "delivery";
}
