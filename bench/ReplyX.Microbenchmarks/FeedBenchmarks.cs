using System.Text;
using BenchmarkDotNet.Attributes;
using ReplyX.Messaging.PubSub;
using ReplyX.Messaging.Streams;

namespace ReplyX.Microbenchmarks;

/// <summary>What it costs to take one published event out of what Redis sends, and to find who hears it among the channels of a loop.</summary>
[MemoryDiagnoser]
public class FeedBenchmarks : IFeedLink, IFeedListener
{
    private const int Channels = 10_000;
    private const int EventsAtOnce = 16;

    private readonly byte[] _received;
    private readonly RedisFeed _feed;
    private int _heard;

    public FeedBenchmarks()
    {
        _feed = new RedisFeed(this);
        for (var i = 0; i < Channels; i++)
        {
            _feed.Subscribe(NameOf(i), this);
        }

        _feed.OnConnected();
        _received = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, EventsAtOnce).Select(i => Message(NameOf(i * 601)))));
    }

    /// <summary>An event of 350 bytes, one of sixteen that came with one read. The copy stands for that read.</summary>
    [Benchmark(OperationsPerInvoke = EventsAtOnce)]
    public int Published()
    {
        var before = _heard;
        _received.CopyTo(_feed.ReceiveBuffer);
        _feed.OnReceived(_received.Length);
        return _heard - before == EventsAtOnce ? _heard : throw new InvalidOperationException();
    }

    int IFeedLink.Send(ReadOnlySpan<byte> bytes) => bytes.Length;

    void IFeedLink.OnMoved(int slot, string address) => throw new InvalidOperationException(address);

    void IFeedLink.OnEnded(string channel) => throw new InvalidOperationException(channel);

    void IFeedLink.OnBatchEnd()
    {
    }

    void IFeedLink.Fail(string reason) => throw new InvalidOperationException(reason);

    void IFeedListener.OnSubscribed()
    {
    }

    void IFeedListener.OnPublished(Memory<byte> message) => _heard++;

    void IFeedListener.OnLost()
    {
    }

    private static string NameOf(int channel) => Backplane.ChannelOf(StreamKey.ForDialog("demo", 6_083_888_128_644_823 + channel));

    private static string Message(string channel)
    {
        var entry = PublishedEvent.Text(123_456);
        return $"*3\r\n$7\r\nmessage\r\n${channel.Length}\r\n{channel}\r\n${entry.Length}\r\n{entry}\r\n";
    }
}
