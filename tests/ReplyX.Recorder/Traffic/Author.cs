namespace ReplyX.Recorder.Traffic;

/// <summary>Who writes in a dialog.</summary>
internal enum Author
{
    Visitor,
    Operator,
}
