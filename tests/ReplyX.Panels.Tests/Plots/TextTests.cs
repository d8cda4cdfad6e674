using ReplyX.Panels.Plots;

namespace ReplyX.Panels.Tests.Plots;

public sealed class TextTests
{
    [Fact]
    public void What_XML_cannot_hold_is_replaced()
        => Assert.Equal("a\ufffdb \U0001F680 <c>", Svg.Text(0, 0, "a\u0001b \U0001F680 <c>").Value);

    [Fact]
    public void A_text_is_cut_and_wrapped_to_its_room()
    {
        Assert.Equal("short", TextWidth.Cut("short", 100));
        Assert.EndsWith("…", TextWidth.Cut("a text for which there is no room", 100), StringComparison.Ordinal);

        var lines = TextWidth.Wrap("a text for which there is no room in one line", 100);
        Assert.Equal("a text for which there is no room in one line", string.Join(' ', lines));
        Assert.All(lines, line => Assert.True(TextWidth.Of(line) <= 100));
    }
}
