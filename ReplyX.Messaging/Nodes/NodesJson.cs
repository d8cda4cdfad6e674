using System.Text.Json.Serialization;

namespace ReplyX.Messaging.Nodes;

[JsonSerializable(typeof(NodeReport))]
internal sealed partial class NodesJson : JsonSerializerContext;
