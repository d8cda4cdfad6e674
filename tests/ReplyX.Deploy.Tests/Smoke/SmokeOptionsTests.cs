using ReplyX.Smoke;

namespace ReplyX.Deploy.Tests.Smoke;

public sealed class SmokeOptionsTests
{
    [Fact]
    public void Two_versions_are_two_apis_with_their_nodes()
    {
        var (options, error) = Parse("--api http://a:1 --realtime http://b:2 --realtime http://b:3/ --other-api http://c:4 --other-realtime http://d:5 --timeout 7 --json");
        Assert.Null(error);
        Assert.Equal("http://a:1/", options!.Api!.ToString());
        Assert.Equal(["http://b:2/", "http://b:3/"], options.Realtime.Select(url => url.ToString()));
        Assert.Equal("http://c:4/", options.OtherApi!.ToString());
        Assert.Equal(["http://d:5/"], options.OtherRealtime.Select(url => url.ToString()));
        Assert.Equal(TimeSpan.FromSeconds(7), options.Timeout);
        Assert.True(options.IsJson);
    }

    [Theory]
    [InlineData("127.0.0.1:443", "127.0.0.1", 443)]
    [InlineData("[::1]:8443", "::1", 8443)]
    [InlineData("front.internal:443", "front.internal", 443)]
    public void The_front_door_may_be_somewhere_else(string place, string host, int port)
    {
        var (options, error) = Parse($"--front https://chat.example.com --connect-to {place} --expect-node a --expect-node b");
        Assert.Null(error);
        Assert.Equal((host, port), (options!.ConnectTo!.Host, options.ConnectTo.Port));
        Assert.Equal(["a", "b"], options.ExpectedNodes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--api http://a:1")]
    [InlineData("--realtime http://a:1")]
    [InlineData("--api http://a:1 --realtime http://b:2 --front https://c")]
    [InlineData("--api http://a:1 --realtime http://b:2 --other-api http://c:4")]
    [InlineData("--api http://a:1 --realtime http://b:2 --connect-to c:1")]
    [InlineData("--api http://a:1 --realtime http://b:2 --expect-node c")]
    [InlineData("--api http://a:1 --api http://a:1 --realtime http://b:2")]
    [InlineData("--front https://user:secret@c")]
    [InlineData("--front https://c?token=secret")]
    [InlineData("--front ftp://c")]
    [InlineData("--front https://c --connect-to nowhere")]
    [InlineData("--front https://c --connect-to c:0")]
    [InlineData("--front https://c --timeout 0")]
    [InlineData("--front https://c --timeout")]
    [InlineData("--front https://c --unknown 1")]
    public void What_cannot_be_meant_is_refused_and_not_repeated(string arguments)
    {
        var (options, error) = Parse(arguments);
        Assert.Null(options);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    private static (SmokeOptions? Options, string? Error) Parse(string arguments)
        => SmokeOptions.Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
