using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Archive;

/// <summary>Messaging with a window small enough to outgrow in a test.</summary>
internal sealed class ArchiveHost : IAsyncDisposable
{
    public const int Window = 20;
    public const int Segment = 8;

    private ArchiveHost(MessagingHost messaging, LogLines log)
    {
        Messaging = messaging;
        Logged = log;
    }

    public MessagingHost Messaging { get; }

    public LogLines Logged { get; }

    public DialogArchiver Archiver => Messaging.Services.GetRequiredService<DialogArchiver>();

    public ArchiveSweep Sweep => Messaging.Services.GetRequiredService<ArchiveSweep>();

    public RetentionSettings Retention => Messaging.Services.GetRequiredService<RetentionSettings>();

    public IDialogArchive Archive => Messaging.Services.GetRequiredService<IDialogArchive>();

    public static async Task<ArchiveHost> ConnectAsync(
        RedisServer server,
        TimeProvider? time = null,
        Func<IServiceProvider, IDialogArchive>? archive = null,
        params (string Name, string Value)[] settings)
    {
        var log = new LogLines();
        var messaging = await MessagingHost.ConnectAsync(server, time, builder =>
        {
            foreach (var (name, value) in ((string, string)[])[("WindowEvents", $"{Window}"), ("SegmentEvents", $"{Segment}"), ("MinAge", "0"), .. settings])
            {
                builder.Configuration[$"Archive:{name}"] = value;
            }

            builder.Logging.AddProvider(log);
            if (archive is not null)
            {
                builder.Services.AddSingleton(archive);
            }
        });
        return new ArchiveHost(messaging, log);
    }

    /// <summary>A dialog with the welcome and so many messages more, appended one after the other.</summary>
    public async Task<StreamKey> OpenDialogAsync(int messages)
    {
        var dialog = await Messaging.OpenDialogAsync();
        await SendAsync(dialog, 0, messages);
        return dialog;
    }

    public async Task SendAsync(StreamKey dialog, int from, int count)
    {
        for (var i = from; i < from + count; i++)
        {
            Assert.Equal(AppendOutcome.Appended, (await Messaging.SendAsync(dialog, $"c{i}", $"text {i}")).Outcome);
        }
    }

    public Task ArchiveAsync(StreamKey dialog) => Archiver.ArchiveAsync(dialog, TestTimeout.Token());

    /// <summary>The numbers that stand in the log itself.</summary>
    public async Task<long[]> InLogAsync(StreamKey dialog)
    {
        var entries = await Messaging.Database.ListRangeAsync(LogKey(dialog));
        return [.. entries.Select(entry => LogEntry.Parse((byte[])entry!).Seq)];
    }

    public Task<LogPage> AfterAsync(StreamKey dialog, Cursor cursor, int most = 100) =>
        Messaging.Log.ReadAfterAsync(dialog, cursor, most, TestTimeout.Token());

    public Task<LogPage> FromAsync(StreamKey dialog, long seq, int most = 100) =>
        Messaging.Log.ReadFromAsync(dialog, seq, most, TestTimeout.Token());

    public Task<LogPage> BeforeAsync(StreamKey dialog, long seq, int most = 100) =>
        Messaging.Log.ReadBeforeAsync(dialog, seq, most, TestTimeout.Token());

    public Task<LogPage> TailAsync(StreamKey dialog, int most) =>
        Messaging.Log.ReadTailAsync(dialog, most, TestTimeout.Token());

    public static string DialogName(StreamKey dialog) => $"{{acme}}:dialog:{dialog.DialogId}";

    public static string LogKey(StreamKey dialog) => $"{DialogName(dialog)}:log";

    public static IEnumerable<long> Numbers(long first, long last)
    {
        for (var seq = first; seq <= last; seq++)
        {
            yield return seq;
        }
    }

    public ValueTask DisposeAsync() => Messaging.DisposeAsync();
}
