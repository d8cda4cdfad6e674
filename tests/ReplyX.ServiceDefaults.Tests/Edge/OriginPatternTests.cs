using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.ServiceDefaults.Tests.Edge;

public sealed class OriginPatternTests
{
    [Theory]
    [InlineData("https://chat.example.com", "https://chat.example.com", true)]
    [InlineData("https://chat.example.com", "https://CHAT.example.com", true)]
    [InlineData("https://chat.example.com", "https://chat.example.com:443", true)]
    [InlineData("https://chat.example.com", "http://chat.example.com", false)]
    [InlineData("https://chat.example.com", "https://chat.example.com:8443", false)]
    [InlineData("https://chat.example.com", "https://chat.example.com.evil.net", false)]
    [InlineData("https://chat.example.com", "https://evil-chat.example.com", false)]
    [InlineData("https://chat.example.com", "https://chat.example.com@evil.net", false)]
    [InlineData("https://chat.example.com", "null", false)]
    [InlineData("https://chat.example.com", "", false)]
    [InlineData("https://*.example.com", "https://a.example.com", true)]
    [InlineData("https://*.example.com", "https://a.b.example.com", true)]
    [InlineData("https://*.example.com", "https://example.com", false)]
    [InlineData("https://*.example.com", "https://evilexample.com", false)]
    [InlineData("https://*.example.com", "https://a.example.com.evil.net", false)]
    [InlineData("http://localhost:5080", "http://localhost:5080", true)]
    [InlineData("http://localhost:5080", "http://localhost:5081", false)]
    [InlineData("http://localhost:5080", "http://127.0.0.1:5080", false)]
    [InlineData("https://пример.рф", "https://xn--e1afmkfd.xn--p1ai", true)]
    public void An_origin_matches_by_scheme_host_and_port(string pattern, string origin, bool matches)
    {
        Assert.True(OriginPattern.TryParse(pattern, out var parsed));
        Assert.Equal(matches, parsed.Matches(origin));
    }

    [Theory]
    [InlineData("chat.example.com")]
    [InlineData("https://")]
    [InlineData("https://chat.example.com/page")]
    [InlineData("ftp://chat.example.com")]
    [InlineData("*")]
    [InlineData(null)]
    public void What_is_no_origin_is_no_pattern(string? pattern) => Assert.False(OriginPattern.TryParse(pattern, out _));
}
