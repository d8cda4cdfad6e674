namespace ReplyX.Bench.Telemetry;

/// <summary>Counts what an OTLP request holds, without reading it.</summary>
internal static class OtlpItems
{
    // ExportTraceServiceRequest.resource_spans, ResourceSpans.scope_spans, ScopeSpans.spans; the other signals have the same numbers.
    private static readonly int[] _path = [1, 2, 2];

    private const int LengthDelimited = 2;
    private const int FieldShift = 3;
    private const int WireTypeMask = 7;

    /// <summary>The spans, log records or metrics of a request's body.</summary>
    public static long Count(ReadOnlySpan<byte> request) => Count(request, 0);

    private static long Count(ReadOnlySpan<byte> message, int depth)
    {
        long count = 0;
        while (!message.IsEmpty)
        {
            var key = (int)TakeVarint(ref message);
            var length = (key & WireTypeMask) switch
            {
                0 => VarintLength(message),
                1 => sizeof(ulong),
                LengthDelimited => (int)TakeVarint(ref message),
                5 => sizeof(uint),
                var other => throw new BenchException($"an OTLP request has a field of wire type {other}"),
            };
            if (key == ((_path[depth] << FieldShift) | LengthDelimited))
            {
                count += depth == _path.Length - 1 ? 1 : Count(message[..length], depth + 1);
            }

            message = message[length..];
        }

        return count;
    }

    private static ulong TakeVarint(ref ReadOnlySpan<byte> message)
    {
        ulong value = 0;
        var length = VarintLength(message);
        for (var i = 0; i < length; i++)
        {
            value |= (ulong)(message[i] & 0x7f) << (7 * i);
        }

        message = message[length..];
        return value;
    }

    private static int VarintLength(ReadOnlySpan<byte> message)
    {
        var length = 1;
        while ((message[length - 1] & 0x80) != 0)
        {
            length++;
        }

        return length;
    }
}
