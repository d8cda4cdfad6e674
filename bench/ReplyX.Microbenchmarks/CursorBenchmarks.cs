using BenchmarkDotNet.Attributes;
using ReplyX.Messaging.Streams;

namespace ReplyX.Microbenchmarks;

/// <summary>What a client's position costs: read at each resuming connect, and written into each greeting.</summary>
[MemoryDiagnoser]
public class CursorBenchmarks
{
    private readonly Cursor _cursor = new(123_456, 0x9f3c01ab);

    [Benchmark]
    public bool Parse() => Cursor.TryParse("123456-9f3c01ab", out _);

    [Benchmark]
    public bool ParseOfLogEntry() => Cursor.TryParse("123456 9f3c01ab {\"type\":\"message\""u8, (byte)' ', out _, out _);

    [Benchmark]
    public string Format() => _cursor.ToString();
}
