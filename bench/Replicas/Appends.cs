using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReplyX.Messaging;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Bench.Replicas;

/// <summary>Messaging that waits for so many replicas, and dialogs to append to.</summary>
internal sealed class Appends : IAsyncDisposable
{
    private const int Dialogs = 64;

    private static readonly Site _site = new("acme", "shop", "Shop", "shop-assistant", "Welcome!", [], DirectClient: false, TokenVersion: 1);

    private readonly ConnectionMultiplexer _connection;
    private readonly IHost _host;
    private readonly List<Dialog> _dialogs = [];

    private Appends(ConnectionMultiplexer connection, IHost host)
    {
        _connection = connection;
        _host = host;
    }

    public static async Task<Appends> StartAsync(int port, int replicas)
    {
        var options = ConfigurationOptions.Parse($"127.0.0.1:{port}");
        options.ConfigureForMessaging();
        var connection = await ConnectionMultiplexer.ConnectAsync(options);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["Tokens:SigningKey"] = "only because messaging asks for one";
        builder.Configuration["Messaging:Replicas"] = replicas.ToString(CultureInfo.InvariantCulture);
        builder.Configuration["Messaging:ReplicaTimeout"] = "00:01:00";
        builder.Services.AddSingleton<IConnectionMultiplexer>(connection).AddSingleton(options);
        builder.AddMessaging();
        var appends = new Appends(connection, builder.Build());
        var directory = appends._host.Services.GetRequiredService<DialogDirectory>();
        while (appends._dialogs.Count < Dialogs)
        {
            try
            {
                appends._dialogs.Add((await directory.OpenAsync(_site, DialogMode.Widget, Guid.NewGuid().ToString("N"), CancellationToken.None)).Dialog);
            }
            catch (MessagingUnavailableException)
            {
                // The replica still gets its first copy.
            }
        }

        return appends;
    }

    /// <summary>Appends for a while, so many at a time.</summary>
    /// <returns>How long each took, in milliseconds.</returns>
    public async Task<List<double>> RunAsync(int atOnce, TimeSpan duration)
    {
        var log = _host.Services.GetRequiredService<DialogLog>();
        var clock = Stopwatch.StartNew();
        var all = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(one => Task.Run(async () =>
        {
            var took = new List<double>();
            for (var i = 0; i == 0 || clock.Elapsed < duration; i++)
            {
                var dialog = _dialogs[(one + i) % Dialogs];
                var begun = Stopwatch.GetTimestamp();
                await log.AppendMessageAsync(
                    dialog.Key, dialog.Owner, new NewMessage(IdempotencyKey.Unique("g.bench"), Sender.User, "Where is my parcel, please?"), CancellationToken.None);
                took.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }

            return took;
        })));
        return [.. all.SelectMany(took => took)];
    }

    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        await _connection.DisposeAsync();
    }
}
