namespace ReplyX.Client.Tests.Protocol;

public sealed class EventCursorTests
{
    [Theory]
    [InlineData("12-9f3c01ab", 12, "9f3c01ab")]
    [InlineData("0-0", 0, "0")]
    [InlineData("9007199254740991-ffffffffffffffff", 9007199254740991, "ffffffffffffffff")]
    public void Reads_And_Writes_The_Wire_Form(string text, long seq, string nonce)
    {
        var cursor = EventCursor.Parse(text);

        Assert.Equal((seq, nonce), (cursor.Seq, cursor.Nonce));
        Assert.Equal(text, cursor.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("-ab")]
    [InlineData("12-")]
    [InlineData("+12-ab")]
    [InlineData("1 2-ab")]
    [InlineData("12-a b")]
    [InlineData("12-a&token=x")]
    [InlineData("99999999999999999999-ab")]
    public void Refuses_What_Is_No_Cursor(string? text)
        => Assert.False(EventCursor.TryParse(text, null, out _));

    [Fact]
    public void A_Default_Cursor_Is_The_Start()
        => Assert.Equal("0-0", default(EventCursor).ToString());
}
