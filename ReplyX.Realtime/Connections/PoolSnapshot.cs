using ReplyX.Messaging.Nodes;

namespace ReplyX.Realtime.Connections;

/// <summary>What a pool holds at one moment.</summary>
/// <param name="Connections">Its open sockets.</param>
/// <param name="Dialogs">How many dialogs those are on.</param>
/// <param name="Sketch">Which those are.</param>
internal readonly record struct PoolSnapshot(int Connections, int Dialogs, DialogSketch Sketch);
