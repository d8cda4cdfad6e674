using BenchmarkDotNet.Attributes;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Microbenchmarks;

/// <summary>What the JSON of a message's events costs, once an append.</summary>
[MemoryDiagnoser]
public class EventEncodingBenchmarks
{
    private readonly DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private string _text = "";

    /// <summary>200 characters: one byte each, two bytes each, and with what JSON escapes.</summary>
    [Params("latin", "cyrillic", "escaped")]
    public string Script { get; set; } = "latin";

    [GlobalSetup]
    public void Setup() => _text = Script switch
    {
        "cyrillic" => string.Concat(Enumerable.Repeat("Привет, где мой заказ? ", 9))[..200],
        "escaped" => string.Concat(Enumerable.Repeat("\"a\"\n", 50)),
        _ => string.Concat(Enumerable.Repeat("Hello, where is my order? ", 8))[..200],
    };

    [Benchmark]
    public string Head() => EventText.Head("message", 6_083_888_128_644_823);

    [Benchmark]
    public ReadOnlyMemory<byte> Message() => EventText.MessageTail(Sender.User, _text, author: null, "0f8fad5b-d9cb-469f-a165-70867728950e", replyTo: null, _now);

    [Benchmark]
    public ReadOnlyMemory<byte> ListEntry() => EventText.FeedTail("message", Sender.User, _text, _now);

    [Benchmark]
    public string IdempotencyHash() => EventText.Hash("user", _text);
}
