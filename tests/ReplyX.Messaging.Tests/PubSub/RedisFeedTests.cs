using System.Text;
using ReplyX.Messaging.PubSub;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.PubSub;

/// <summary>What a feed says and hears on its connection, whose bytes come in any pieces.</summary>
public sealed class RedisFeedTests : IFeedLink
{
    private readonly StringBuilder _sent = new();
    private readonly List<string> _moved = [];
    private readonly List<string> _ended = [];
    private RedisFeed _feed;
    private int _room = int.MaxValue;
    private string? _failure;

    public RedisFeedTests() => _feed = new RedisFeed(this);

    [Fact]
    public void What_is_subscribed_before_the_connection_is_subscribed_when_it_comes_about_and_after_every_other()
    {
        var listener = new Listener();
        _feed.Subscribe("a", listener);
        _feed.OnConnected();
        Receive(Confirmation("subscribe", "a", 1));
        _feed.OnDisconnected();
        _feed.OnConnected();
        Receive(Confirmation("subscribe", "a", 1));

        Assert.Equal(Command("SUBSCRIBE", "a") + Command("SUBSCRIBE", "a"), _sent.ToString());
        Assert.Equal(["subscribed", "lost", "subscribed"], listener.Heard);
    }

    [Fact]
    public void Whoever_comes_while_the_last_one_leaves_is_told_by_the_confirmation_of_its_own_command_only()
    {
        var (first, second) = (new Listener(), new Listener());
        _feed.OnConnected();
        _feed.Subscribe("a", first);
        _feed.Unsubscribe("a");
        _feed.Subscribe("a", second);
        _feed.Flush();

        Receive(Confirmation("subscribe", "a", 1));
        Receive(Confirmation("unsubscribe", "a", 0));
        Assert.Empty(second.Heard);
        Receive(Confirmation("subscribe", "a", 1));
        Receive(Message("a", "1"));

        Assert.Empty(first.Heard);
        Assert.Equal(["subscribed", "1"], second.Heard);
        Assert.Equal(Command("SUBSCRIBE", "a") + Command("UNSUBSCRIBE", "a") + Command("SUBSCRIBE", "a"), _sent.ToString());
    }

    [Fact]
    public void A_channel_that_nobody_hears_is_forgotten_when_its_end_is_confirmed()
    {
        _feed.OnConnected();
        _feed.Subscribe("a", new Listener());
        Receive(Confirmation("subscribe", "a", 1));
        _feed.Unsubscribe("a");
        Assert.Equal(1, _feed.Count);
        Receive(Message("a", "late"));
        Receive(Confirmation("unsubscribe", "a", 0));

        Assert.Equal(0, _feed.Count);
    }

    [Fact]
    public void In_any_order_of_coming_and_leaving_the_last_command_of_a_channel_says_whether_it_is_heard()
    {
        var random = Seed.Random();
        for (var round = 0; round < 300; round++)
        {
            var test = new RedisFeedTests();
            test._feed.OnConnected();
            string[] channels = ["a", "b", "c"];
            var heard = new Dictionary<string, Listener?>();
            Queue<string> replies = new();
            for (var step = 0; step < 40; step++)
            {
                var channel = channels[random.Next(channels.Length)];
                switch (random.Next(3))
                {
                    case 0 when heard.GetValueOrDefault(channel) is null:
                        test._feed.Subscribe(channel, heard[channel] = new Listener());
                        replies.Enqueue(Confirmation("subscribe", channel, 1));
                        break;
                    case 1 when heard.GetValueOrDefault(channel) is not null:
                        test._feed.Unsubscribe(channel);
                        heard[channel] = null;
                        replies.Enqueue(Confirmation("unsubscribe", channel, 0));
                        break;
                    default:
                        if (replies.TryDequeue(out var reply))
                        {
                            test.Receive(reply);
                        }

                        break;
                }

                test._feed.Flush();
            }

            while (replies.TryDequeue(out var reply))
            {
                test.Receive(reply);
            }

            foreach (var channel in channels)
            {
                test.Receive(Message(channel, "now"));
            }

            Assert.All(heard.Values.OfType<Listener>(), listener => Assert.Equal(["subscribed", "now"], listener.Heard));
            Assert.Equal(heard.Values.Count(listener => listener is not null), test._feed.Count);
        }
    }

    [Fact]
    public void Messages_come_out_whole_and_in_order_however_their_bytes_arrive()
    {
        var random = Seed.Random();
        var listener = new Listener();
        _feed.OnConnected();
        _feed.Subscribe("a", listener);
        var texts = Enumerable.Range(0, 300).Select(i => $"{i}{new string('x', random.Next(4) == 0 ? random.Next(100_000) : random.Next(40))}").ToList();
        var bytes = Encoding.UTF8.GetBytes(
            Confirmation("subscribe", "a", 1)
            + string.Concat(texts.Select((text, i) => (i % 7 == 0 ? "*2\r\n$4\r\npong\r\n$0\r\n\r\n" : "") + Message("a", text))));

        for (var at = 0; at < bytes.Length;)
        {
            var count = Math.Min(random.Next(1, 30_000), bytes.Length - at);
            Receive(bytes.AsSpan(at, count));
            at += count;
        }

        Assert.Null(_failure);
        Assert.Equal(["subscribed", .. texts], listener.Heard);
    }

    [Theory]
    [InlineData("-NOAUTH Authentication required.\r\n", "NOAUTH Authentication required.")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", "It does not speak RESP2.")]
    [InlineData("*3\r\n$-7\r\n", "It does not speak RESP2.")]
    public void A_server_that_refuses_or_speaks_otherwise_is_given_up(string bytes, string reason)
    {
        _feed.OnConnected();
        Receive(bytes);

        Assert.Equal(reason, _failure);
    }

    [Fact]
    public void Commands_that_the_connection_does_not_take_are_sent_when_it_does()
    {
        _feed.OnConnected();
        _room = 10;
        _feed.Subscribe("a", new Listener());
        _feed.Flush();
        _room = int.MaxValue;
        _feed.Flush();

        Assert.Equal(Command("SUBSCRIBE", "a"), _sent.ToString());
    }

    [Fact]
    public void A_password_is_given_before_anything_else()
    {
        var feed = new RedisFeed(this, "node", "secret");
        feed.Subscribe("a", new Listener());
        feed.OnConnected();

        Assert.Equal("*3\r\n$4\r\nAUTH\r\n$4\r\nnode\r\n$6\r\nsecret\r\n" + Command("SUBSCRIBE", "a"), _sent.ToString());
    }

    [Fact]
    public void Of_sharded_channels_a_server_says_what_is_not_its_own_and_the_others_go_on()
    {
        var (first, second, third) = (new Listener(), new Listener(), new Listener());
        _feed = new RedisFeed(this) { IsSharded = true };
        _feed.Subscribe("a", first);
        _feed.OnConnected();
        _feed.Subscribe("b", second);
        _feed.Subscribe("c", third);
        _feed.Flush();
        Assert.Equal(Command("SSUBSCRIBE", "a") + Command("SSUBSCRIBE", "b") + Command("SSUBSCRIBE", "c"), _sent.ToString());

        Receive(Confirmation("ssubscribe", "a", 1) + "-MOVED 3300 10.0.0.2:6379\r\n" + Confirmation("ssubscribe", "c", 2) + Message("c", "1", "smessage"));
        Assert.Equal(["3300 10.0.0.2:6379"], _moved);
        Assert.Equal((true, false, true), (_feed.Hears("a"), _feed.Hears("b"), _feed.Hears("c")));
        _feed.Forget("b");

        // A slot goes, and takes its subscriptions with it.
        Receive(Confirmation("sunsubscribe", "a", 1) + Message("c", "2", "smessage"));
        Assert.Equal(["a"], _ended);
        Assert.Equal((false, true), (_feed.Hears("a"), _feed.Hears("c")));
        Assert.Equal(["subscribed", "lost"], first.Heard);
        Assert.Empty(second.Heard);
        Assert.Equal(["subscribed", "1", "2"], third.Heard);

        // One that left as its slot went, and came back with it.
        var fourth = new Listener();
        _feed.Subscribe("d", new Listener());
        _feed.Unsubscribe("d");
        _feed.Subscribe("d", fourth);
        Receive(Confirmation("ssubscribe", "d", 1) + "-MOVED 3300 10.0.0.2:6379\r\n" + Confirmation("ssubscribe", "d", 1) + Message("d", "1", "smessage"));
        Assert.Equal(["subscribed", "1"], fourth.Heard);

        // What is left of one's own will is not lost.
        _feed.Unsubscribe("c");
        Receive(Confirmation("sunsubscribe", "c", 0));
        Assert.Equal(["a"], _ended);
        Assert.Equal(["subscribed", "1", "2"], third.Heard);
        Assert.Null(_failure);
    }

    [Fact]
    public void A_subscription_that_ends_by_itself_is_no_answer_to_another_command()
    {
        var (first, second) = (new Listener(), new Listener());
        _feed = new RedisFeed(this) { IsSharded = true };
        _feed.OnConnected();
        _feed.Subscribe("a", first);
        Receive(Confirmation("ssubscribe", "a", 1));
        _feed.Subscribe("b", second);
        Receive(Confirmation("sunsubscribe", "a", 0));
        Assert.Equal((false, false), (_feed.Hears("a"), _feed.Hears("b")));
        Receive(Confirmation("ssubscribe", "b", 1) + Message("b", "1", "smessage"));

        Assert.Equal(["a"], _ended);
        Assert.Equal(["subscribed", "lost"], first.Heard);
        Assert.Equal(["subscribed", "1"], second.Heard);
    }

    int IFeedLink.Send(ReadOnlySpan<byte> bytes)
    {
        var taken = Math.Min(_room, bytes.Length);
        _room -= taken;
        _sent.Append(Encoding.UTF8.GetString(bytes[..taken]));
        return taken;
    }

    void IFeedLink.OnMoved(int slot, string address) => _moved.Add($"{slot} {address}");

    void IFeedLink.OnEnded(string channel) => _ended.Add(channel);

    void IFeedLink.OnBatchEnd()
    {
    }

    void IFeedLink.Fail(string reason)
    {
        _failure = reason;
        _feed.OnDisconnected();
    }

    private void Receive(string text) => Receive(Encoding.UTF8.GetBytes(text));

    private void Receive(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var buffer = _feed.ReceiveBuffer;
            var count = Math.Min(buffer.Length, bytes.Length);
            bytes[..count].CopyTo(buffer);
            bytes = bytes[count..];
            _feed.OnReceived(count);
        }
    }

    private static string Command(string name, string channel) => $"*2\r\n${name.Length}\r\n{name}\r\n${channel.Length}\r\n{channel}\r\n";

    private static string Confirmation(string kind, string channel, int count) =>
        $"*3\r\n${kind.Length}\r\n{kind}\r\n${channel.Length}\r\n{channel}\r\n:{count}\r\n";

    private static string Message(string channel, string text, string kind = "message") =>
        $"*3\r\n${kind.Length}\r\n{kind}\r\n${channel.Length}\r\n{channel}\r\n${text.Length}\r\n{text}\r\n";

    private sealed class Listener : IFeedListener
    {
        public List<string> Heard { get; } = [];

        public void OnSubscribed() => Heard.Add("subscribed");

        public void OnPublished(Memory<byte> message) => Heard.Add(Encoding.UTF8.GetString(message.Span));

        public void OnLost() => Heard.Add("lost");
    }
}
