using ReplyX.Validation.Sources;

namespace ReplyX.Validation.Tests.Sources;

public sealed class WrittenPathTests
{
    [Theory]
    [InlineData("`/ws/dialogs/${id}`", "/ws/dialogs/${id}")]
    [InlineData("see `/ws/widget/…`, and", "/ws/widget/…")]
    [InlineData("wss://host.example/ws/site/dialogs/7?cursor=1-a", "/ws/site/dialogs/7")]
    [InlineData("'/ws/dialogs'", "/ws/dialogs")]
    [InlineData("location /ws/ {", "/ws/")]
    [InlineData("below `/ws`.", "/ws")]
    [InlineData("\"$path/ws/$mode/dialogs/$dialog\"", "/ws/$mode/dialogs/$dialog")]
    public void A_path_in_a_line_is_found(string line, string path) => Assert.Equal(path, Assert.Single(WrittenPath.Find(line)).Text);

    [Theory]
    [InlineData("import '../peers/ws.js';")]
    [InlineData("wss://host.example/")]
    [InlineData("/wsdl")]
    [InlineData("ws://host.example/path")]
    public void Other_text_is_none(string line) => Assert.Empty(WrittenPath.Find(line));

    [Theory]
    [InlineData("/ws/dialogs/1", "/ws/dialogs/{id}", true)]
    [InlineData("/ws/dialogs", "/ws/dialogs/{id}", false)]
    [InlineData("/ws/dialogs/", "/ws/dialogs/{id}", true)]
    [InlineData("/ws/{mode}/dialogs/{id}", "/ws/site/dialogs/{id}", true)]
    [InlineData("/ws/<mode>/dialogs/:id", "/ws/site/dialogs/{id}", true)]
    [InlineData("/ws/{mode}/dialog/{id}", "/ws/site/dialogs/{id}", false)]
    [InlineData("/ws/**", "/ws/site/dialogs/{id}", true)]
    [InlineData("/ws/sites/…", "/ws/site/dialogs/{id}", false)]
    [InlineData("/ws/dialogs/1/2", "/ws/dialogs/{id}", false)]
    public void It_fits_a_route_or_not(string path, string route, bool fits) => Assert.Equal(fits, WrittenPath.Parse(path).Fits(route));

    [Fact]
    public void A_word_that_is_filled_in_is_no_proof() => Assert.False(WrittenPath.Parse("/ws/{}/dialogs/{}").Fits("/ws/site/dialogs/{id}", mayFill: false));
}
