using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using ReplyX.Messaging.PubSub;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Api.Tests.Assistant;

/// <summary>Hears all that is published in one dialog, as the nodes of Realtime do.</summary>
internal sealed class HeardDialog : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _connection;
    private readonly Channel<JsonElement> _events = Channel.CreateUnbounded<JsonElement>();

    private HeardDialog(ConnectionMultiplexer connection) => _connection = connection;

    /// <summary>All that <see cref="UntilAsync"/> has passed, in order.</summary>
    public List<JsonElement> Passed { get; } = [];

    public IEnumerable<JsonElement> Deltas => Passed.Where(heard => Type(heard) == "message_delta");

    public static async Task<HeardDialog> ListenAsync(RedisServer redis, TestDialog dialog)
    {
        var heard = new HeardDialog(await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString));
        var channel = Backplane.ChannelOf(StreamKey.ForDialog(dialog.Account.Id, dialog.Id));
        await heard._connection.GetSubscriber().SubscribeAsync(RedisChannel.Literal(channel), (_, message) =>
        {
            var entry = Encoding.UTF8.GetString((byte[])message!);
            heard._events.Writer.TryWrite(JsonDocument.Parse(entry[(entry.IndexOf('\n', StringComparison.Ordinal) + 1)..]).RootElement);
        });
        return heard;
    }

    /// <summary>Waits for the next event of a type, of those that come after what was waited for before.</summary>
    public async Task<JsonElement> UntilAsync(string type, Func<JsonElement, bool>? such = null)
    {
        while (true)
        {
            var heard = await _events.Reader.ReadAsync(TestTimeout.Token());
            Passed.Add(heard);
            if (Type(heard) == type && such?.Invoke(heard) != false)
            {
                return heard;
            }
        }
    }

    /// <summary>The assistant's next message.</summary>
    public Task<JsonElement> AnswerAsync() => UntilAsync("message", message => message.GetProperty("sender").GetString() == "assistant");

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    public static string Type(JsonElement heard) => heard.GetProperty("type").GetString()!;
}
