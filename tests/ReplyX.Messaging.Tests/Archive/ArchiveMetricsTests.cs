using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ReplyX.Messaging.Archive;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Archive;

public sealed class ArchiveMetricsTests : MessagingTest
{
    [Fact]
    public async Task What_is_archived_trimmed_and_deleted_is_counted()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var host = await StartArchiveAsync(RedisKind.Garnet, ArchiveStore.Files, time);
        var counted = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        var meters = host.Messaging.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            // Other tests of this process have meters of the same name, by factories of their own.
            if (instrument.Meter.Name == "ReplyX.Messaging" && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => counted.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.Start();

        var dialog = await host.OpenDialogAsync(99);
        await host.ArchiveAsync(dialog);
        time.Advance(TimeSpan.FromDays(366));
        await host.SendAsync(dialog, 99, 1);
        await host.Sweep.SweepAsync(TimeSpan.Zero, TestTimeout.Token());
        await host.Messaging.Database.HashSetAsync(ArchiveHost.DialogName(dialog), "archived", "90 deadbeef");
        await host.Archiver.TrimAsync(dialog, TestTimeout.Token());

        await host.SaveSiteAsync();
        await host.OpenDialogAsync(3);
        await host.OpenDialogAsync(3);
        time.Advance(TimeSpan.FromDays(31));
        await host.RestAsync();
        time.Advance(TimeSpan.FromDays(366));
        await host.Sweep.SweepAsync(TimeSpan.Zero, TestTimeout.Token());

        // They are told when asked.
        listener.RecordObservableInstruments();
        Assert.Equal(12, counted["archive_segments"]);
        Assert.Equal(80, counted["archive_trimmed_events"]);
        Assert.Equal(10, counted["archive_retention_deletions"]);
        Assert.Equal(2, counted["archive_failures"]);
        Assert.Equal(2, counted["archive_idle_dialogs"]);
        Assert.Equal(3, counted["archive_expired_dialogs"]);
        Assert.Equal(0, counted["archive_moved_segments"]);
        Assert.Equal(0, counted["archive_disk_errors"]);
    }
}
