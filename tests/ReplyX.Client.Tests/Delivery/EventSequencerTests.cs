namespace ReplyX.Client.Tests.Delivery;

public sealed class EventSequencerTests
{
    [Fact]
    public void Judges_By_Number_And_Nonce()
    {
        var sequencer = At(3);

        Assert.Equal(SequenceStatus.Next, sequencer.Check(Cursor(4)));
        Assert.Equal(SequenceStatus.Hole, sequencer.Check(Cursor(5)));
        Assert.Equal(SequenceStatus.Duplicate, sequencer.Check(Cursor(3)));
        Assert.Equal(SequenceStatus.Duplicate, sequencer.Check(Cursor(1)));
        Assert.Equal(SequenceStatus.Conflict, sequencer.Check(new EventCursor(3, "ff")));
        Assert.Equal(SequenceStatus.Conflict, sequencer.Check(new EventCursor(2, "ff")));
    }

    [Fact]
    public void What_Lies_Before_The_Memory_Counts_As_A_Duplicate()
    {
        var sequencer = new EventSequencer(new EventCursor(5000, "aa"));

        Assert.Equal(SequenceStatus.Duplicate, sequencer.Check(new EventCursor(4999, "ff")));
        Assert.Equal(5000, sequencer.OldestRemembered);
    }

    [Fact]
    public void Remembers_A_Bounded_Stretch()
    {
        var sequencer = At(2000);

        Assert.Equal(2000 - 512 + 1, sequencer.OldestRemembered);
        Assert.True(sequencer.Remembers(Cursor(2000 - 512 + 1)));
        Assert.Null(sequencer.Remembers(Cursor(2000 - 512)));
    }

    [Fact]
    public void A_Rewind_Forgets_What_Came_After()
    {
        var sequencer = At(10);

        sequencer.Rewind(Cursor(6));

        Assert.Equal(SequenceStatus.Next, sequencer.Check(new EventCursor(7, "ff")));
        Assert.True(sequencer.Remembers(Cursor(6)));
        Assert.Null(sequencer.Remembers(Cursor(8)));
        Assert.Equal(1, sequencer.OldestRemembered);
    }

    private static EventSequencer At(long seq)
    {
        var sequencer = new EventSequencer(EventCursor.Start);
        for (var i = 1; i <= seq; i++)
        {
            sequencer.Advance(Cursor(i));
        }

        return sequencer;
    }

    private static EventCursor Cursor(long seq) => new(seq, $"a{seq}");
}
