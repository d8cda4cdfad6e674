using ReplyX.Bench.Load;

namespace ReplyX.Bench.Tests;

public sealed class MessageTextTests
{
    [Fact]
    public void Every_delivery_is_found_in_whatever_stands_around_it()
    {
        var text = new byte[MessageText.Length];
        MessageText.Write(text, 7);
        var other = new byte[MessageText.Length];
        MessageText.Write(other, 0xabc);
        ReadOnlySpan<byte> data = [.. "{\"text\":\""u8, .. text, .. "\"}\u001e{\"text\":\""u8, .. other, .. "\"}"u8];

        Assert.True(MessageText.TryTake(ref data, out var first, out var firstAt));
        Assert.True(MessageText.TryTake(ref data, out var second, out var secondAt));
        Assert.False(MessageText.TryTake(ref data, out _, out _));
        Assert.Equal((7, 0xabc), (first, second));
        Assert.InRange(secondAt, firstAt, System.Diagnostics.Stopwatch.GetTimestamp());
    }

    [Fact]
    public void A_text_that_was_cut_is_no_delivery()
    {
        var text = new byte[MessageText.Length];
        MessageText.Write(text, 7);
        Assert.Throws<BenchException>(() =>
        {
            ReadOnlySpan<byte> data = text.AsSpan(0, MessageText.Length - 1);
            MessageText.TryTake(ref data, out _, out _);
        });
    }
}
