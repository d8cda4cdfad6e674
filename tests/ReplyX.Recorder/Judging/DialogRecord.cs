using ReplyX.Client;

namespace ReplyX.Recorder.Judging;

/// <summary>A dialog when it is over.</summary>
/// <param name="Name">For the reader of a violation.</param>
/// <param name="Dialog">All that is known of it.</param>
internal sealed record DialogRecord(string Name, AuditedDialog Dialog);
