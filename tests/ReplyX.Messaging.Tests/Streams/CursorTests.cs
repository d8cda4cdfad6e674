using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Tests.Streams;

public sealed class CursorTests
{
    [Theory]
    [InlineData("12-9f3c01ab", 12, 0x9f3c01ab)]
    [InlineData("0-0", 0, 0)]
    [InlineData("9007199254740991-0000000a", 9007199254740991, 10)]
    public void A_cursor_is_read(string text, long seq, ulong nonce)
    {
        Assert.True(Cursor.TryParse(text, out var cursor));
        Assert.Equal(new Cursor(seq, nonce), cursor);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("-1-aa")]
    [InlineData("12-")]
    [InlineData("-aa")]
    [InlineData("12-xyz")]
    [InlineData("+12-aa")]
    [InlineData(" 12-aa")]
    [InlineData("0-1")]
    [InlineData("99999999999999999999-aa")]
    [InlineData("12-11112222333344445")]
    public void Anything_else_is_not(string? text) => Assert.False(Cursor.TryParse(text, out _));

    [Fact]
    public void It_is_written_as_it_is_read()
    {
        Assert.Equal("12-0000000a", new Cursor(12, 10).ToString());
        Assert.Equal("0-0", Cursor.Start.ToString());
    }
}
