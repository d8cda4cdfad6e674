namespace ReplyX.Messaging.Nodes;

/// <summary>What all live nodes say together.</summary>
/// <param name="Nodes">The nodes whose lease has not run out.</param>
/// <param name="AdminDialogs">How many dialogs have a socket of the pool <c>ws_connections</c> on any node.</param>
/// <param name="SiteDialogs">How many dialogs have a socket of the pool <c>ws_site_connections</c> on any node.</param>
public sealed record ClusterReport(IReadOnlyList<NodeReport> Nodes, long AdminDialogs, long SiteDialogs);
