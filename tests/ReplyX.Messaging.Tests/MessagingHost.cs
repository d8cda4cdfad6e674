using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.Projection;
using ReplyX.Messaging.PubSub;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.Messaging.Tests;

/// <summary>Messaging as a service has it, over a Redis of the test's own.</summary>
internal sealed class MessagingHost : IAsyncDisposable
{
    private readonly IHost _services;
    private readonly ConnectionMultiplexer _connection;
    private readonly ConcurrentDictionary<StreamKey, DialogOwner> _owners = new();

    private MessagingHost(
        ConnectionMultiplexer connection, ConfigurationOptions options, bool isSpread, TimeProvider? time, Action<HostApplicationBuilder>? configure)
    {
        _connection = connection;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
        [
            new("Tokens:SigningKey", "a key for tests that is long enough"),
            new("Messaging:SpreadDialogs", isSpread ? "true" : "false"),
        ]);
        builder.Services.AddSingleton<IConnectionMultiplexer>(connection).AddSingleton(options);
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        configure?.Invoke(builder);
        builder.AddMessaging();
        _services = builder.Build();
    }

    public static Site Site { get; } = new("acme", "shop", "Shop", "shop-assistant", "Welcome!", [], DirectClient: false, TokenVersion: 1);

    public DialogLog Log => _services.Services.GetRequiredService<DialogLog>();

    public DialogDirectory Dialogs => _services.Services.GetRequiredService<DialogDirectory>();

    public NodeRegistry Nodes => _services.Services.GetRequiredService<NodeRegistry>();

    public AccountDirectory Accounts => _services.Services.GetRequiredService<AccountDirectory>();

    public IServiceProvider Services => _services.Services;

    /// <summary>The keys that the server holds, but for those that expire within hours by its own clock, whatever a test's says.</summary>
    public async Task<List<string>> ListKeysAsync()
    {
        List<string> keys = [];
        foreach (var server in _connection.GetServers().Where(server => !server.IsReplica))
        {
            await foreach (var key in server.KeysAsync(pageSize: 1_000))
            {
                if (await Database.KeyTimeToLiveAsync(key) is not { TotalHours: < 4 })
                {
                    keys.Add((string)key!);
                }
            }
        }

        return keys;
    }

    /// <summary>Where there is a text in those keys: in their names, and in values of whatever kind.</summary>
    public async Task<List<string>> FindTextAsync(string text)
    {
        List<string> found = [];
        foreach (var key in await ListKeysAsync())
        {
            IEnumerable<RedisValue> values = await Database.KeyTypeAsync(key) switch
            {
                RedisType.String => [await Database.StringGetAsync(key)],
                RedisType.List => await Database.ListRangeAsync(key),
                RedisType.Set => await Database.SetMembersAsync(key),
                RedisType.SortedSet => await Database.SortedSetRangeByRankAsync(key),
                RedisType.Hash => (await Database.HashGetAllAsync(key)).SelectMany(field => (RedisValue[])[field.Name, field.Value]),
                var other => throw new NotSupportedException($"{key} is a {other}"),
            };
            found.AddRange(values.Prepend(key).Where(value => ((string)value!).Contains(text, StringComparison.Ordinal)).Select(value => $"{key}: {value}"));
        }

        return found;
    }

    /// <summary>The channel of a stream, as those subscribe who hear it.</summary>
    public RedisChannel ChannelOf(StreamKey stream) => Services.GetRequiredService<RedisPrimary>().HasShardedChannels == true
        ? RedisChannel.Sharded(Backplane.ChannelOf(stream))
        : RedisChannel.Literal(Backplane.ChannelOf(stream));

    /// <summary>What is published of some streams from now on.</summary>
    public async Task<ConcurrentQueue<string>> HearAsync(params StreamKey[] streams)
    {
        ConcurrentQueue<string> heard = [];
        foreach (var stream in streams)
        {
            await Database.Multiplexer.GetSubscriber().SubscribeAsync(ChannelOf(stream), (_, message) => heard.Enqueue((string)message!));
        }

        return heard;
    }

    /// <summary>Waits until a text was published. On a cluster it may come a little later than the answer to who published it.</summary>
    public static async Task UntilHeardAsync(ConcurrentQueue<string> heard, string text)
    {
        var limit = TestTimeout.Token();
        while (!heard.Any(message => message.Contains(text, StringComparison.Ordinal)))
        {
            await Task.Delay(10, limit);
        }
    }

    public IDatabase Database => _connection.GetDatabase();

    public static async Task<MessagingHost> ConnectAsync(
        string connectionString, TimeProvider? time = null, Action<HostApplicationBuilder>? configure = null, bool isSpread = false)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = false;
        options.ConfigureForMessaging();
        return new MessagingHost(await ConnectionMultiplexer.ConnectAsync(options), options, isSpread, time, configure);
    }

    /// <summary>Starts what works in the background.</summary>
    public Task StartAsync() => _services.StartAsync(TestTimeout.Token());

    /// <summary>A new guest's dialog with the welcome as its only event.</summary>
    public async Task<StreamKey> OpenDialogAsync() =>
        (await Dialogs.OpenAsync(Site, DialogMode.Widget, Guid.NewGuid().ToString("N"), TestTimeout.Token())).Dialog.Key;

    public Task<AppendResult> SendAsync(StreamKey dialog, string clientId, string text, string guest = "ann") =>
        AppendAsync(dialog, new NewMessage(Key(guest, clientId), Sender.User, text));

    public async Task<AppendResult> AppendAsync(StreamKey dialog, NewMessage message)
    {
        var result = await Log.AppendMessageAsync(dialog, await OwnerAsync(dialog), message, TestTimeout.Token());
        await ProjectAsync(dialog);
        return result;
    }

    public async Task<AppendResult> AppendAsync(
        StreamKey dialog, HandoffStep step, IdempotencyKey key, Sender by, string? operatorId = null, string? operatorName = null)
    {
        var result = await Log.AppendHandoffAsync(dialog, await OwnerAsync(dialog), step, key, by, operatorId, operatorName, TestTimeout.Token());
        await ProjectAsync(dialog);
        return result;
    }

    /// <summary>Has an account's lists told of what was appended to a spread dialog, as a service does in the background.</summary>
    public Task ProjectAsync(StreamKey dialog) =>
        dialog.IsSpread ? Services.GetRequiredService<Projector>().ProjectAsync(dialog.Partition, TestTimeout.Token()) : Task.CompletedTask;

    public static IdempotencyKey Key(string guest, string clientId) =>
        IdempotencyKey.TryCreate(Principals.Guest(guest), clientId, out var key) ? key : throw new ArgumentException(clientId);

    /// <summary>The keys that there are, on all masters.</summary>
    public async Task<List<RedisKey>> FindKeysAsync(string pattern)
    {
        List<RedisKey> keys = [];
        foreach (var server in _connection.GetServers().Where(server => !server.IsReplica))
        {
            await foreach (var key in server.KeysAsync(pattern: pattern))
            {
                keys.Add(key);
            }
        }

        return keys;
    }

    /// <summary>Every event of a stream, page by page.</summary>
    public async Task<List<LogEntry>> ReadAllAsync(StreamKey stream)
    {
        List<LogEntry> all = [];
        LogPage page;
        do
        {
            page = await Log.ReadAfterAsync(stream, all.Count == 0 ? Cursor.Start : all[^1].Cursor, 100, TestTimeout.Token());
            all.AddRange(page.Entries);
        }
        while (page.HasMore);
        return all;
    }

    // As the services know it: from the dialog, which they look up before they append. One that is not there is nobody's.
    private async Task<DialogOwner> OwnerAsync(StreamKey dialog)
    {
        if (!_owners.TryGetValue(dialog, out var owner))
        {
            owner = (await Dialogs.FindAsync(dialog, TestTimeout.Token()))?.Owner ?? new DialogOwner("nobody", Site.Id, DialogMode.Widget);
            _owners[dialog] = owner;
        }

        return owner;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.StopAsync(TestTimeout.Token());
        _services.Dispose();
        await _connection.DisposeAsync();
    }
}
