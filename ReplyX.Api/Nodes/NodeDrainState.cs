namespace ReplyX.Api.Nodes;

/// <summary>What a node says of itself when it is drained or put back.</summary>
internal sealed record NodeDrainState(string Node, bool Draining, int Sockets);
