using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Streams;

/// <summary>A read tells the truth about what the log still holds, on both servers.</summary>
public class ReadTests : MessagingTest
{
    [Theory, MemberData(nameof(Servers))]
    public async Task A_cursor_is_held_only_while_its_very_event_is_there(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        for (var i = 0; i < 9; i++)
        {
            await messaging.SendAsync(dialog, $"c{i}", $"text {i}");
        }

        var log = await messaging.ReadAllAsync(dialog);
        var key = RedisKeys.Log(dialog);
        Task<LogPage> After(Cursor cursor) => messaging.Log.ReadAfterAsync(dialog, cursor, 100, TestTimeout.Token());

        Assert.Equal([6L, 7, 8, 9, 10], (await After(log[4].Cursor)).Entries.Select(entry => entry.Seq));
        Assert.Empty((await After(log[9].Cursor)).Entries);
        Assert.True((await After(log[9].Cursor)).Held);
        Assert.True((await After(Cursor.Start)).Held);

        // Another event under the number; a number the log has not reached.
        Assert.False((await After(log[4].Cursor with { Nonce = log[4].Cursor.Nonce ^ 1 })).Held);
        Assert.False((await After(new Cursor(11, 1))).Held);

        // Trimmed: what the cursor names is gone, though the number after it is there.
        await messaging.Database.ListTrimAsync(key, 5, -1);
        Assert.False((await After(log[4].Cursor)).Held);
        Assert.False((await After(Cursor.Start)).Held);
        Assert.Equal([7L, 8, 9, 10], (await After(log[5].Cursor)).Entries.Select(entry => entry.Seq));

        // Lost whole, then regrown over the same numbers.
        await messaging.Database.KeyDeleteAsync(key);
        Assert.False((await After(log[9].Cursor)).Held);
        for (var i = 0; i < 10; i++)
        {
            await messaging.SendAsync(dialog, $"again{i}", "text");
        }

        Assert.False((await After(log[9].Cursor)).Held);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Pages_are_bounded_by_count_and_bytes_and_join_without_gap_or_repeat(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        for (var i = 0; i < 60; i++)
        {
            await messaging.SendAsync(dialog, $"c{i}", new string((char)('a' + (i % 26)), 8000));
        }

        var byBytes = await messaging.Log.ReadAfterAsync(dialog, Cursor.Start, 1_000, TestTimeout.Token());
        var byCount = await messaging.Log.ReadAfterAsync(dialog, Cursor.Start, 7, TestTimeout.Token());

        Assert.InRange(byBytes.Entries.Sum(entry => entry.Payload.Length), 200_000, 256 * 1024);
        Assert.True(byBytes.HasMore);
        Assert.Equal(7, byCount.Entries.Count);
        Assert.Equal(Enumerable.Range(1, 61).Select(seq => (long)seq), (await messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task History_is_read_by_number_and_from_the_end(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        for (var i = 0; i < 9; i++)
        {
            await messaging.SendAsync(dialog, $"c{i}", $"text {i}");
        }

        async Task<long[]> From(long seq, int most) =>
            [.. (await messaging.Log.ReadFromAsync(dialog, seq, most, TestTimeout.Token())).Entries.Select(entry => entry.Seq)];

        long[] middle = [3, 4];
        long[] first = [1];
        Assert.Equal(middle, await From(3, 2));
        Assert.Equal(first, await From(-1, 3));
        Assert.Empty(await From(-5, 3));
        Assert.Empty(await From(11, 3));
        Assert.Equal([8L, 9, 10], (await messaging.Log.ReadTailAsync(dialog, 3, TestTimeout.Token())).Entries.Select(entry => entry.Seq));
        Assert.Empty((await messaging.Log.ReadTailAsync(StreamKey.ForDialog("acme", 1), 3, TestTimeout.Token())).Entries);
    }
}
