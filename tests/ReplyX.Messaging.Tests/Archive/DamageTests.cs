using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Archive;

/// <summary>Archived events that are not what they were are an error, never silence, on every archive.</summary>
public class DamageTests : MessagingTest
{
    [Theory, MemberData(nameof(Archives))]
    public async Task A_changed_or_missing_segment_is_an_error(RedisKind kind, ArchiveStore store)
    {
        var random = Seed.Random();
        var host = await StartArchiveAsync(kind, store);
        var dialog = await host.OpenDialogAsync(99);
        await host.ArchiveAsync(dialog);
        var all = await host.Messaging.ReadAllAsync(dialog);
        var whole = await host.ReadSegmentAsync(dialog, 16);

        async Task AllReadsFail()
        {
            await Assert.ThrowsAsync<ArchiveDamagedException>(() => host.AfterAsync(dialog, all[7].Cursor));
            await Assert.ThrowsAsync<ArchiveDamagedException>(() => host.AfterAsync(dialog, all[11].Cursor));
            await Assert.ThrowsAsync<ArchiveDamagedException>(() => host.FromAsync(dialog, 3));
            await Assert.ThrowsAsync<ArchiveDamagedException>(() => host.TailAsync(dialog, 100));
        }

        for (var i = 0; i < 20; i++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            await host.WriteSegmentAsync(dialog, 16, damaged);
            await AllReadsFail();
        }

        await host.WriteSegmentAsync(dialog, 16, whole[..^1]);
        await AllReadsFail();
        await host.WriteSegmentAsync(dialog, 16, []);
        await AllReadsFail();
        await host.DeleteSegmentAsync(dialog, 16);
        await AllReadsFail();
        if (store == ArchiveStore.Redis)
        {
            await host.Messaging.Database.SortedSetRemoveAsync($"{ArchiveHost.DialogName(dialog)}:archive:index", "16");
            await AllReadsFail();
        }

        // What is not touched by it can be read.
        Assert.Equal(ArchiveHost.Numbers(17, 100), (await host.AfterAsync(dialog, all[16].Cursor)).Entries.Select(entry => entry.Seq).Prepend(17));
    }

    [Fact]
    public void A_segment_of_another_dialog_or_version_is_not_believed()
    {
        var dialog = StreamKey.ForDialog("acme", 7);
        var entry = LogEntry.Parse("1 0000000a 1700000000000 -\n{}"u8.ToArray());
        var segment = SegmentFormat.Seal(dialog, [entry]);

        Assert.Equal(entry.Raw.ToArray(), SegmentFormat.Open(dialog, segment.Data)[0].Raw.ToArray());
        Assert.Throws<ArchiveDamagedException>(() => SegmentFormat.Open(StreamKey.ForDialog("acme", 8), segment.Data));
        Assert.Throws<ArchiveDamagedException>(() => SegmentFormat.Open(StreamKey.ForDialog("other", 7), segment.Data));
        var next = segment.Data.ToArray();
        next[3]++;
        Assert.Throws<ArchiveDamagedException>(() => SegmentFormat.Open(dialog, next));
    }

    // The bytes of version 1 as they are in stores by now: a change that breaks them needs a new version.
    [Fact]
    public void Segments_of_version_1_stay_readable()
    {
        const string stored =
            "UlhTAQIAAAApAAAAAAAAACoAAAAAAAAAAWjlz4sBAABkAAAA6d2lF9vnVMUP5rY+JsMuaRtjAADE0s3XNeryvmuAc3PEk0qB0cAGnAhFMo4LjTAA"
            + "DBO5ZQF14D80EQWLZvaDsV0Pm40Ti+ruux2sePmfQVruuMoZDmWgLGRv6/+d58MV";
        var entries = SegmentFormat.Open(StreamKey.ForDialog("acme", 7), Convert.FromBase64String(stored));

        Assert.Equal(new Cursor(41, 0x9f3c01ab), entries[0].Cursor);
        Assert.Equal("g.ann:c1", entries[0].Key);
        Assert.Equal("{\"text\":\"héllo\"}"u8.ToArray(), entries[1].Payload.ToArray());
    }
}
