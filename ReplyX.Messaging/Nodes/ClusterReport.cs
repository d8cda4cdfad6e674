namespace ReplyX.Messaging.Nodes;

/// <summary>What all live nodes say together.</summary>
/// <param name="Nodes">The nodes whose lease has not run out.</param>
/// <param name="AdminDialogs">How many dialogs have a socket of the pool <c>ws_connections</c> on any node.</param>
/// <param name="SiteDialogs">How many dialogs have a socket of the pool <c>ws_site_connections</c> on any node.</param>
/// <param name="DialogsEstimated">
/// Whether one of the two is an estimate, good to about 3 %: there are more than <see cref="DialogSketch.Size"/> on a node, and others
/// have dialogs too; or a node did not say which it has.
/// </param>
public sealed record ClusterReport(IReadOnlyList<NodeReport> Nodes, long AdminDialogs, long SiteDialogs, bool DialogsEstimated);
