using System.Text;

namespace ReplyX.Client.Tests.Protocol;

public sealed class ServerFrameReaderTests
{
    [Fact]
    public void Reads_A_Message()
    {
        var message = Assert.IsType<MessageEvent>(Read(
            """{"type":"message","dialog_id":7,"id":12,"seq":12,"cursor":"12-9f3c","sender":"manager","text":"שלום 👋🏽","author":"Anna","client_id":"k","timestamp":"2026-01-01T00:00:00.000Z","later":[1]}"""));

        Assert.Equal(new EventCursor(12, "9f3c"), message.Cursor);
        Assert.Equal((7L, 12L, "manager", "שלום 👋🏽", "Anna", "k"),
            (message.DialogId!.Value, message.Seq, message.Sender, message.Text, message.Author!, message.ClientId!));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), message.Timestamp);
    }

    [Theory]
    [InlineData("handoff_requested", HandoffState.Requested)]
    [InlineData("handoff_started", HandoffState.Active)]
    [InlineData("handoff_released", HandoffState.Released)]
    [InlineData("handoff_cancelled", HandoffState.Cancelled)]
    public void Reads_A_Handoff(string type, HandoffState state)
    {
        var handoff = Assert.IsType<HandoffEvent>(Read(
            $$"""{"type":"{{type}}","dialog_id":7,"id":3,"seq":3,"cursor":"3-a","handoff":"x","operator":"Anna"}"""));

        Assert.Equal((state, "Anna", 3L), (handoff.State, handoff.Operator!, handoff.Seq));
    }

    [Fact]
    public void Reads_What_A_List_Hears_Without_A_Place()
    {
        var read = Assert.IsType<DialogReadEvent>(Read("""{"type":"dialog_read","dialog_id":7,"sender":"manager","last_read":4,"unread":2}"""));
        Assert.Equal((7L, "manager", 4L, 2L), (read.DialogId!.Value, read.Sender!, read.UpTo, read.Unread));
        var visitor = Assert.IsType<DialogVisitorEvent>(Read(
            """{"type":"dialog_visitor","dialog_id":7,"visitor":{"name":"Ann","later":1},"page":{"url":"https://shop.example/","title":"Shop"}}"""));
        Assert.Equal(("Ann", "Shop"), (visitor.Visitor!.Name!, visitor.Page!.Title!));
        Assert.Equal(
            (7L, (EventCursor?)null),
            (Assert.IsType<DialogRemovedEvent>(Read("""{"type":"dialog_removed","dialog_id":7}""")) is var gone ? gone.DialogId!.Value : 0, gone.Cursor));
        Assert.Equal(9, Assert.IsType<DialogRemovedEvent>(Read("""{"type":"dialog_removed","dialog_id":7,"seq":9,"cursor":"9-a"}""")).Seq);
        var taken = Assert.IsType<DialogListEvent>(Read(
            """{"type":"dialog_update","dialog_id":7,"seq":9,"cursor":"9-a","event":"handoff_started","handoff":"active","last_seq":4,"unread":0,"waiting_since":null,"operator":"Anna","operator_id":"anna"}"""));
        Assert.Equal(("Anna", 0L, null), (taken.Operator, taken.Unread!.Value, taken.WaitingSince));
    }

    [Fact]
    public void Reads_A_Line_Of_The_List()
    {
        var entry = Assert.IsType<DialogListEvent>(Read(
            """{"type":"dialog_new","dialog_id":7,"seq":99,"cursor":"99-ab12","event":"message","handoff":"requested","last_seq":12,"sender":"user","preview":"hello"}"""));

        Assert.Equal((true, 99L, 12L, "message", HandoffState.Requested, "hello"),
            (entry.IsNew, entry.Seq, entry.LastSeq, entry.Change!, entry.Handoff, entry.Preview!));
    }

    [Fact]
    public void What_Is_Not_Stored_Has_No_Place_In_The_Log()
    {
        var read = Assert.IsType<ReadEvent>(Read("""{"type":"read","dialog_id":7,"sender":"user","last_read":12}"""));
        var typing = Assert.IsType<TypingEvent>(Read("""{"type":"typing_stop","dialog_id":7,"sender":"user"}"""));

        Assert.Equal(12, read.UpTo);
        Assert.Null(read.Cursor);
        Assert.False(typing.IsTyping);
        Assert.Equal(0, typing.Seq);
    }

    [Fact]
    public void Reads_An_Answer_As_It_Is_Written()
    {
        var delta = Assert.IsType<DeltaEvent>(Read("""{"type":"message_delta","dialog_id":7,"sender":"assistant","reply_to":12,"offset":3,"text":"have "}"""));
        var end = Assert.IsType<DeltaEvent>(Read("""{"type":"message_delta_end","dialog_id":7,"reply_to":12}"""));
        var answer = Assert.IsType<MessageEvent>(Read("""{"type":"message","seq":13,"cursor":"13-ab","sender":"assistant","text":"We have","reply_to":12}"""));
        var handoff = Assert.IsType<HandoffEvent>(Read("""{"type":"handoff_requested","seq":14,"cursor":"14-ab","reason":"timeout"}"""));

        Assert.Equal((12L, "assistant", 3, "have ", false, 0L), (delta.ReplyTo, delta.Sender, delta.Offset, delta.Text, delta.IsEnd, delta.Seq));
        Assert.Equal((12L, "", true), (end.ReplyTo, end.Text, end.IsEnd));
        Assert.Equal((12L, "timeout"), (answer.ReplyTo!.Value, handoff.Reason!));
    }

    [Fact]
    public void A_Type_Of_The_Future_Is_Unknown_And_Keeps_Its_Place()
    {
        const string Json = """{"type":"reaction","seq":5,"cursor":"5-ab","text":{"emoji":"👍"},"last_seq":"soon"}""";

        var unknown = Assert.IsType<UnknownEvent>(Read(Json));

        Assert.Equal(("reaction", Json, new EventCursor(5, "ab")), (unknown.Type, unknown.Json, unknown.Cursor!.Value));
    }

    [Fact]
    public void An_Unknown_Type_Whose_Cursor_Is_Not_Its_Own_Is_Not_Stored()
        => Assert.Null(Read("""{"type":"presence","cursor":"5-ab"}""")!.Cursor);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("__ping__")]
    [InlineData("""{"type":7}""")]
    [InlineData("""{"type":"message","text":"no place"}""")]
    [InlineData("""{"type":"message","text":{},"cursor":"5-ab","sender":"user"}""")]
    [InlineData("""{"type":"connected","cursor":{}}""")]
    [InlineData("""{"type":"message_delta","reply_to":12,"text":"nowhere"}""")]
    public void Refuses_What_It_Cannot_Understand(string text)
        => Assert.Null(Read(text));

    [Fact]
    public void Text_Goes_Out_As_It_Is()
    {
        const string Text = "Привет 👨‍👩‍👧‍👦 \"</script>\" \u202e\u0000\n é";

        var frame = ClientFrames.Message(Text, "k");

        Assert.Equal(Text, System.Text.Json.JsonDocument.Parse(frame).RootElement.GetProperty("text").GetString());
        Assert.Contains("Привет", Encoding.UTF8.GetString(frame), StringComparison.Ordinal);
    }

    private static ReplyXEvent? Read(string json)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        return ServerFrameReader.Read(utf8) is { } frame ? ServerFrameReader.ToEvent(frame, utf8, 1) : null;
    }
}
