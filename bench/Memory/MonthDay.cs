using System.Globalization;

namespace ReplyX.Bench.Memory;

/// <summary>How a day of the month ended.</summary>
/// <param name="Day">Its number, from 1.</param>
/// <param name="Dialogs">All that visitors have written in.</param>
/// <param name="Live">Those of them that are not idle.</param>
/// <param name="Events">The messages so far.</param>
/// <param name="Keys">Redis' keys.</param>
/// <param name="Bytes">What Redis holds, by its own count (used_memory_dataset).</param>
internal sealed record MonthDay(int Day, int Dialogs, int Live, long Events, long Keys, long Bytes)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"  day {Day,2}  {Dialogs,7:N0} dialogs  {Live,7:N0} live  {Events,9:N0} messages  {Keys,9:N0} keys  {Bytes / 1e6,7:0.0} MB");
}
