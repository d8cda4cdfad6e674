using BenchmarkDotNet.Attributes;
using ReplyX.Messaging.Streams;

namespace ReplyX.Microbenchmarks;

/// <summary>What it costs to find a dialog's stream among those of a node.</summary>
[MemoryDiagnoser]
public class StreamKeyBenchmarks
{
    private const int Streams = 10_000;

    private readonly Dictionary<StreamKey, int> _streams = Enumerable.Range(1, Streams).ToDictionary(i => StreamKey.ForDialog("demo", i));

    // Another string object than that of the keys, as it comes out of a token.
    private readonly StreamKey _key = StreamKey.ForDialog(new string("demo"), Streams / 2);

    [Benchmark]
    public bool Find() => _streams.ContainsKey(_key);

    [Benchmark]
    public string Format() => _key.ToString();
}
