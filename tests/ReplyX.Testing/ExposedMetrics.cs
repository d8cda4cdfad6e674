namespace ReplyX.Testing;

/// <summary>
/// The metric families, by their names at <c>/metrics</c>, that dashboards and rules may build on. Whoever adds an instrument that a
/// panel shall show adds it here; the services' own tests hold what they expose against their part.
/// </summary>
public static class ExposedMetrics
{
    /// <summary>What a realtime node exposes.</summary>
    public static IReadOnlySet<string> Realtime { get; } = new HashSet<string>
    {
        "websocket_connections_total",
        "websocket_messages_sent_total",
        "websocket_connection_errors_total",
        "websocket_disconnects_total",
        "websocket_recoveries_total",
        "websocket_slow_consumers_total",
        "websocket_backplane_gaps_total",
        "websocket_delivery_duration_seconds",
        "websocket_fanout_sockets",
        "websocket_recovery_duration_seconds",
    };

    /// <summary>What every service exposes through ASP.NET Core, and Prometheus about each target.</summary>
    public static IReadOnlySet<string> Everywhere { get; } = new HashSet<string> { "up", "http_server_request_duration_seconds" };
}
