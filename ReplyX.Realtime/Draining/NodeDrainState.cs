namespace ReplyX.Realtime.Draining;

/// <summary>What a node says of itself when it is drained or put back.</summary>
/// <param name="Node">The node's id.</param>
/// <param name="Draining">Whether it is out of service.</param>
/// <param name="Sockets">How many sockets it holds.</param>
internal sealed record NodeDrainState(string Node, bool Draining, int Sockets);
