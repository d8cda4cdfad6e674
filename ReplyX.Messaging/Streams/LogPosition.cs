using System.Globalization;

namespace ReplyX.Messaging.Streams;

/// <summary>Where a read begins, in the words of read.lua.</summary>
internal readonly record struct LogPosition(string Mode, long Seq, string Nonce)
{
    public const string AfterMode = "after";
    public const string TailMode = "tail";

    /// <summary>As far from the end as the read's length.</summary>
    public static LogPosition Tail { get; } = new(TailMode, 0, "");

    /// <summary>A number, whichever event has it.</summary>
    public static LogPosition From(long seq) => new("from", seq, "");

    /// <summary>Behind one event and no other.</summary>
    public static LogPosition After(Cursor cursor) => new(AfterMode, cursor.Seq, cursor.NonceText);

    public string SeqText => Seq.ToString(CultureInfo.InvariantCulture);
}
