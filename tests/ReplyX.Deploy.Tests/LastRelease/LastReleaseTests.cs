using ReplyX.Client;
using ReplyX.Testing;

namespace ReplyX.Deploy.Tests.LastRelease;

/// <summary>While a deploy runs both versions serve at once, and a visitor goes from one to the other, and back if it is taken back.</summary>
[Collection(OnTwoVersions.Name)]
public sealed class LastReleaseTests
{
    private readonly TwoVersions _versions;

    public LastReleaseTests(TwoVersions versions)
    {
        TwoVersions.Require();
        _versions = versions;
    }

    /// <summary>The others run with this build twice where this is skipped.</summary>
    [Fact]
    public void The_last_release_is_at_hand()
        => Assert.SkipUnless(_versions.Missing is null, $"this build stands in for the last release: {_versions.Missing}");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_dialog_that_began_on_one_is_read_resumed_and_answered_on_the_other(bool beginsOnOld)
    {
        var (here, there) = beginsOnOld ? (_versions.Old, _versions.New) : (_versions.New, _versions.Old);
        var opened = (await here.Client.OpenWidgetDialogAsync("demo")).Require();
        var visitor = new VisitorSession(here.Client, opened);
        var signedIn = (await here.Client.SignInAsync("anna@demo.replyx.dev", _versions.OperatorPassword)).Require();
        await using var list = new ReplyXConnection(new OperatorSession(here.Client, signedIn).ListOptions(here.Sockets));
        await list.ConnectAsync(TestTimeout.Token());
        await using var first = here.Connect(visitor, opened.Cursor);
        await first.ConnectAsync(TestTimeout.Token());

        // It begins on one.
        (await visitor.SendAsync("over HTTP, проверка 🚲", "1")).Require();
        Assert.True((await first.SendAsync("over the socket", "2", TestTimeout.Token())).Stored);
        (await visitor.StepAsync(HandoffStep.Request)).Require();
        var before = await ReadAsync(visitor, opened.Cursor.Seq);
        await HeardAsync(first, before);

        // It goes on, on the other: with the same tokens, from where it was, with what came meanwhile.
        var moved = new VisitorSession(there.Client, opened);
        (await visitor.SendAsync("while away", "3")).Require();
        await using var second = there.Connect(moved, before[^1].Cursor!.Value);
        await second.ConnectAsync(TestTimeout.Token());
        var greeting = Assert.IsType<ConnectedEvent>(await NextAsync(second));
        Assert.True(greeting.Recovered);
        Assert.Equal(before[^1].Cursor, greeting.Position);

        // What was stored on one is known on the other: a repeated message, the guest, the operator.
        Assert.True((await moved.SendAsync("over HTTP, проверка 🚲", "1")).Require().Duplicate);
        Assert.Equal(opened.Id, (await there.Client.OpenWidgetDialogAsync("demo", opened.GuestToken)).Require().Id);
        var anna = new OperatorSession(there.Client, signedIn);
        Assert.Equal(HandoffState.Active, (await anna.StepAsync(opened.Id, HandoffStep.Takeover)).Require().State);
        (await anna.SendAsync(opened.Id, "answered there", "4")).Require();
        Assert.True((await second.SendAsync("and thanked for", "5", TestTimeout.Token())).Stored);

        // Both tell the same of it, and to those who stayed as well.
        var all = await ReadAsync(moved, opened.Cursor.Seq);
        Assert.Equal(all.Select(Told), (await ReadAsync(visitor, opened.Cursor.Seq)).Select(Told));
        Assert.Equal(["answered there", "and thanked for"], all.OfType<MessageEvent>().TakeLast(2).Select(message => message.Text));
        List<ReplyXEvent> later = [.. all.Skip(before.Count)];
        await HeardAsync(first, later);
        await HeardAsync(second, later);
        DialogListEvent entry;
        do
        {
            entry = await NextOfAsync<DialogListEvent>(list);
        }
        while (entry.DialogId != opened.Id || entry.LastSeq < all[^1].Seq);

        Assert.Equal("and thanked for", entry.Preview);
        var item = Assert.Single((await anna.ReadDialogsAsync()).Require().Items, item => item.Id == opened.Id);
        Assert.Equal(all[^1].Seq, item.LastSeq);
    }

    private static async Task<IReadOnlyList<ReplyXEvent>> ReadAsync(VisitorSession visitor, long after)
        => (await visitor.ReadHistoryAsync(new HistoryRange(After: after))).Require().Items;

    private static string Told(ReplyXEvent one) => $"{one.Cursor} {EventContent.Of(one)}";

    /// <summary>The next stored events of a connection are just these.</summary>
    private static async Task HeardAsync(ReplyXConnection connection, IReadOnlyList<ReplyXEvent> expected)
    {
        foreach (var one in expected)
        {
            ReplyXEvent next;
            do
            {
                next = await NextAsync(connection);
            }
            while (next.Cursor is null);

            Assert.Equal(Told(one), Told(next));
        }
    }

    private static async Task<T> NextOfAsync<T>(ReplyXConnection connection)
        where T : ReplyXEvent
    {
        while (true)
        {
            if (await NextAsync(connection) is T wanted)
            {
                return wanted;
            }
        }
    }

    private static async Task<ReplyXEvent> NextAsync(ReplyXConnection connection)
    {
        await foreach (var next in connection.ReadEventsAsync(TestTimeout.Token()))
        {
            return next;
        }

        throw new InvalidOperationException($"the connection ended: {connection.End}");
    }
}
