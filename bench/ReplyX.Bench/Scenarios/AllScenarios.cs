using ReplyX.Bench.Load;

namespace ReplyX.Bench.Scenarios;

/// <summary>What can be measured, in the order in which it is.</summary>
internal static class AllScenarios
{
    public const string FanOut8 = "fan-out-8";
    public const string FanOut1 = "fan-out-1";
    public const string Rooms = "rooms";
    public const string LowRate = "low-rate";
    public const string Handshake = "handshake";
    public const string BareHandshake = "handshake-bare";
    public const string Idle = "idle";
    public const string Herd = "herd";

    private const int RoomsInFlight = 16;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new FanOutScenario(FanOut8, "1 × 1,000, 8 in flight", rooms: 1, socketsPerRoom: 1_000, inFlight: 8),
        new FanOutScenario(FanOut1, "1 × 1,000, 1 in flight", rooms: 1, socketsPerRoom: 1_000, inFlight: 1),
        new FanOutScenario(Rooms, "500 × 4, 16 in flight", rooms: 500, socketsPerRoom: 4, RoomsInFlight),
        new LowRateScenario(LowRate),
        new HandshakeScenario(Handshake, ConnectMode.Joined),
        new HandshakeScenario(BareHandshake, ConnectMode.Bare),
        new IdleScenario(Idle),
        new HerdScenario(Herd),
    ];
}
