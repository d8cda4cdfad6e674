using ReplyX.Messaging.Dialogs;

namespace ReplyX.Messaging.Tests.Dialogs;

public sealed class MessageTextTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData(" \u200b👋", true)]
    [InlineData("\u0301", true)]
    [InlineData("12345", true)]
    [InlineData("123456", false)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData(" \n\u3000", false)]
    [InlineData("\u200b\u2060\ufeff", false)]
    [InlineData("\u0007", false)]
    public void A_text_is_something_that_is_seen(string? text, bool isAcceptable) =>
        Assert.Equal(isAcceptable, MessageText.IsAcceptable(text, 5));
}
