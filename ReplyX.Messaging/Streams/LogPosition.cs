using System.Globalization;

namespace ReplyX.Messaging.Streams;

/// <summary>Where a read begins, in the words of read.lua.</summary>
internal readonly record struct LogPosition(string Mode, long Seq, string Nonce)
{
    public const string AfterMode = "after";
    public const string BeforeMode = "before";
    public const string TailMode = "tail";

    /// <summary>Backward from the end.</summary>
    public static LogPosition Tail { get; } = new(TailMode, 0, "");

    /// <summary>Backward from what comes before a number; from the end if that lies before it.</summary>
    public static LogPosition Before(long seq) => new(BeforeMode, seq, "");

    /// <summary>A number, whichever event has it.</summary>
    public static LogPosition From(long seq) => new("from", seq, "");

    /// <summary>Behind one event and no other.</summary>
    public static LogPosition After(Cursor cursor) => new(AfterMode, cursor.Seq, cursor.NonceText);

    /// <summary>Whether a page that cannot hold all keeps its newest events, not its oldest.</summary>
    public bool IsBackward => Mode is TailMode or BeforeMode;

    public string SeqText => Seq.ToString(CultureInfo.InvariantCulture);
}
