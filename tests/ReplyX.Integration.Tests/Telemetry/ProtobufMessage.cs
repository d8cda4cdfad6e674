using System.Text;

namespace ReplyX.Integration.Tests.Telemetry;

/// <summary>A protobuf message, as far as it is read here: texts, bytes and messages within. Numbers are passed over.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Number, ReadOnlyMemory<byte> Value)> _fields = [];

    public ProtobufMessage(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var tag = TakeNumber(ref bytes);
            switch (tag & 7)
            {
                case 0:
                    TakeNumber(ref bytes);
                    break;
                case 1:
                    bytes = bytes[8..];
                    break;
                case 2:
                    var length = (int)TakeNumber(ref bytes);
                    _fields.Add(((int)(tag >> 3), bytes[..length]));
                    bytes = bytes[length..];
                    break;
                case 5:
                    bytes = bytes[4..];
                    break;
                default:
                    throw new InvalidDataException($"There is no wire type {tag & 7}.");
            }
        }
    }

    public IEnumerable<ProtobufMessage> Messages(int number) => Values(number).Select(value => new ProtobufMessage(value));

    /// <summary>A text; empty if it is not there, as protobuf has it.</summary>
    public string Text(int number) => Encoding.UTF8.GetString(Values(number).LastOrDefault().Span);

    /// <summary>Bytes in lower-case hex, as ids are written.</summary>
    public string Hex(int number) => Convert.ToHexStringLower(Values(number).LastOrDefault().Span);

    private IEnumerable<ReadOnlyMemory<byte>> Values(int number) => _fields.Where(field => field.Number == number).Select(field => field.Value);

    private static ulong TakeNumber(ref ReadOnlyMemory<byte> bytes)
    {
        var number = 0UL;
        for (var i = 0; ; i++)
        {
            var next = bytes.Span[i];
            number |= (ulong)(next & 0x7f) << (7 * i);
            if (next < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return number;
            }
        }
    }
}
