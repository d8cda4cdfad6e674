using System.Text;
using ReplyX.Testing;

namespace ReplyX.Recorder.Tests;

/// <summary>Addresses in answers are changed wherever the bytes are cut in two.</summary>
public sealed class AddressChangeTests
{
    private const string Answer =
        "$99\r\nid 127.0.0.1:20001@30001 myself,master - 0 0 1 connected 0-1\nid 127.0.0.1:20002@30002 slave\r\n-MOVED 12 127.0.0.1:20002\r\n127.0.0.1:2\r\n";

    private static readonly string _changed = Answer
        .Replace("127.0.0.1:20001", "127.0.0.1:41111", StringComparison.Ordinal)
        .Replace("127.0.0.1:20002", "127.0.0.1:42222", StringComparison.Ordinal);

    [Fact]
    public void However_an_answer_is_cut_it_goes_on_whole_and_changed()
    {
        var bytes = Encoding.ASCII.GetBytes(Answer);
        for (var first = 1; first < bytes.Length; first++)
        {
            for (var second = first; second < Math.Min(bytes.Length, first + 20); second++)
            {
                var change = new AddressChange([("127.0.0.1:20001", "127.0.0.1:41111"), ("127.0.0.1:20002", "127.0.0.1:42222")]);
                var passed = new[] { bytes[..first], bytes[first..second], bytes[second..] }
                    .Aggregate("", (text, part) => text + Encoding.ASCII.GetString(change.Apply(part).Span));
                Assert.Equal(_changed, passed);
            }
        }
    }

    [Fact]
    public void Addresses_of_several_lengths_are_refused()
        => Assert.Throws<ArgumentException>(() => new AddressChange([("127.0.0.1:1", "127.0.0.1:22")]));
}
