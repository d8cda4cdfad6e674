using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StackExchange.Redis;

namespace ReplyX.Messaging.Data;

/// <summary>
/// The part of an export that is being written, and where in the document it ends. Both are saved together, so that another worker goes on
/// with the very next byte.
/// </summary>
internal sealed class ExportBuffer(DataJobLease lease, DataOptions options)
{
    private readonly ArrayBufferWriter<byte> _bytes = new(options.PartBytes + (64 * 1024));

    /// <summary>What is being written of the document.</summary>
    public string Section { get; private set; } = lease.Text(DataJobRecord.Section);

    /// <summary>The last element of the section that is written, by what its elements go by.</summary>
    public string After { get; set; } = lease.Text(DataJobRecord.After);

    /// <summary>The last event of the dialog that is written in part; 0 if none is.</summary>
    public long Seq { get; set; } = lease.Number(DataJobRecord.Seq);

    /// <summary>How many elements of the section are written.</summary>
    public long Count { get; private set; } = lease.Number(DataJobRecord.Count);

    /// <summary>How many dialogs are written.</summary>
    public long Dialogs { get; set; } = lease.Number(DataJobRecord.Done);

    /// <summary>Whether the result has become longer than it may be.</summary>
    public bool IsTooLarge => lease.Number(DataJobRecord.Stored) > options.MaxResultBytes;

    public void Enter(string section)
    {
        (Section, After, Seq, Count) = (section, "", 0, 0);
    }

    public void Write(string text)
    {
        var length = Encoding.UTF8.GetBytes(text, _bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length)));
        _bytes.Advance(length);
    }

    public void Write(ReadOnlySpan<byte> json) => _bytes.Write(json);

    public void Write<T>(T value, JsonTypeInfo<T> type) => Write(JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>Begins an element of the section's list.</summary>
    public void Separate()
    {
        if (Count++ > 0)
        {
            Write(",");
        }
    }

    /// <summary>Saves what is written if it is enough, or anyway.</summary>
    /// <returns>Whether the export may go on: the result is not too long.</returns>
    public async Task<bool> SaveAsync(bool anyway, CancellationToken cancellationToken)
    {
        if (_bytes.WrittenCount == 0 || (_bytes.WrittenCount < options.PartBytes && !anyway))
        {
            return !IsTooLarge;
        }

        var part = DataJobs.Compress(_bytes.WrittenSpan);
        var number = lease.Number(DataJobRecord.Parts);
        (string Field, RedisValue Value)[] changes =
        [
            (DataJobRecord.Parts, number + 1),
            (DataJobRecord.Bytes, lease.Number(DataJobRecord.Bytes) + _bytes.WrittenCount),
            (DataJobRecord.Stored, lease.Number(DataJobRecord.Stored) + part.Length),
            (DataJobRecord.Section, Section),
            (DataJobRecord.After, After),
            (DataJobRecord.Seq, Seq),
            (DataJobRecord.Count, Count),
            (DataJobRecord.Done, Dialogs),
        ];
        await lease.SavePartAsync(number, part, changes, cancellationToken);
        _bytes.ResetWrittenCount();
        return !IsTooLarge;
    }
}
