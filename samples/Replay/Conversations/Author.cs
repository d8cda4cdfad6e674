namespace ReplyX.Samples.Replay.Conversations;

internal enum Author
{
    Visitor,
    Assistant,
    Operator,
}
