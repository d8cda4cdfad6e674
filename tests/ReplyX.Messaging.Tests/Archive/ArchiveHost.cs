using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Archive.Files;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Messaging.Tests.Redis;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.Messaging.Tests.Archive;

/// <summary>Messaging with a window small enough to outgrow in a test.</summary>
internal sealed class ArchiveHost : IAsyncDisposable
{
    public const int Window = 20;
    public const int Segment = 8;

    private readonly ArchiveFolder? _files;

    private ArchiveHost(MessagingHost messaging, LogLines log, string? files)
    {
        _files = files is null ? null : new ArchiveFolder(files);
        Messaging = messaging;
        Logged = log;
    }

    public MessagingHost Messaging { get; }

    public LogLines Logged { get; }

    public DialogArchiver Archiver => Messaging.Services.GetRequiredService<DialogArchiver>();

    public ArchiveSweep Sweep => Messaging.Services.GetRequiredService<ArchiveSweep>();

    public IdleDialogs Idle => Messaging.Services.GetRequiredService<IdleDialogs>();

    public RetentionSettings Retention => Messaging.Services.GetRequiredService<RetentionSettings>();

    public IDialogArchive Archive => Messaging.Services.GetRequiredService<IDialogArchive>();

    public ArchiveMover Mover => Messaging.Services.GetRequiredService<ArchiveMover>();

    /// <summary>Connects to a server.</summary>
    /// <param name="server">Its connection string.</param>
    /// <param name="files">The folder of an archive in files; null for Redis.</param>
    /// <param name="time">The clock, if not the system's.</param>
    /// <param name="archive">What to take for the archive instead.</param>
    /// <param name="cut">Where to be cut off.</param>
    /// <param name="isSpread">Whether new dialogs are spread.</param>
    /// <param name="settings">Options of the archive.</param>
    public static async Task<ArchiveHost> ConnectAsync(
        string server,
        string? files = null,
        TimeProvider? time = null,
        Func<IServiceProvider, IDialogArchive>? archive = null,
        CutConnection.CutPoint? cut = null,
        bool isSpread = false,
        params (string Name, string Value)[] settings)
    {
        var log = new LogLines();
        var messaging = await MessagingHost.ConnectAsync(server, time, builder =>
        {
            foreach (var (name, value) in ((string, string)[])[("WindowEvents", $"{Window}"), ("SegmentEvents", $"{Segment}"), ("MinAge", "0"), ("Store", files is null ? "Redis" : "Files"), ("Directory", files ?? ""), .. settings])
            {
                // Of another section by its whole name.
                builder.Configuration[name.Contains(':', StringComparison.Ordinal) ? name : $"Archive:{name}"] = value;
            }

            builder.Logging.AddProvider(log);
            if (archive is not null)
            {
                builder.Services.AddSingleton(archive);
            }

            if (cut is not null)
            {
                var connection = (IConnectionMultiplexer)builder.Services.Last(service => service.ServiceType == typeof(IConnectionMultiplexer)).ImplementationInstance!;
                builder.Services.AddSingleton(CutConnection.Wrap(connection, cut));
            }
        }, isSpread);
        return new ArchiveHost(messaging, log, files);
    }

    /// <summary>Has the account's site where services have it, so that the account is one of those that are looked through.</summary>
    public Task SaveSiteAsync() => Messaging.Accounts.SaveSiteAsync(MessagingHost.Site, TestTimeout.Token());

    public Task RestAsync() => Idle.RestAsync(TestTimeout.Token());

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

    /// <summary>All segments of the account, by age.</summary>
    public Task<IReadOnlyList<SegmentId>> ListAsync(int most = 100_000) =>
        Archive.ListAsync("acme", DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, most, TestTimeout.Token());

    /// <summary>A segment's bytes, wherever the archive has them.</summary>
    public async Task<byte[]> ReadSegmentAsync(StreamKey dialog, long last) => _files is null
        ? (byte[])(await Messaging.Database.HashGetAsync($"{DialogName(dialog)}:archive", last))!
        : await File.ReadAllBytesAsync(_files.Segment(dialog, last));

    public Task WriteSegmentAsync(StreamKey dialog, long last, byte[] data) => _files is null
        ? Messaging.Database.HashSetAsync($"{DialogName(dialog)}:archive", last, data)
        : File.WriteAllBytesAsync(_files.Segment(dialog, last), data);

    public async Task DeleteSegmentAsync(StreamKey dialog, long last)
    {
        if (_files is null)
        {
            await Messaging.Database.HashDeleteAsync($"{DialogName(dialog)}:archive", last);
            return;
        }

        File.Delete(_files.Segment(dialog, last));
    }

    public static string DialogName(StreamKey dialog) => RedisKeys.Dialog(dialog)!;

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
