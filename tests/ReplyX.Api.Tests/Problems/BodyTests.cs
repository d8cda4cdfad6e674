using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace ReplyX.Api.Tests.Problems;

public sealed class BodyTests(SharedServers servers) : ApiTest(servers)
{
    [Theory]
    [InlineData("", "invalid_json")]
    [InlineData("{", "invalid_json")]
    [InlineData("null", "invalid_json")]
    [InlineData("[]", "invalid_json")]
    [InlineData("\"text\"", "invalid_json")]
    [InlineData("{\"text\":\"a\",\"client_id\":\"1\",}", "invalid_json")]
    [InlineData("{\"text\":\"a\",\"client_id\":\"1\"} x", "invalid_json")]
    [InlineData("{\"text\":\"a\"/**/,\"client_id\":\"1\"}", "invalid_json")]
    [InlineData("{\"text\":5,\"client_id\":\"1\"}", "invalid_json")]
    [InlineData("{\"text\":[\"a\"],\"client_id\":\"1\"}", "invalid_json")]
    [InlineData("{\"text\":{\"a\":1},\"client_id\":\"1\"}", "invalid_json")]
    [InlineData("{\"text\":true,\"client_id\":\"1\"}", "invalid_json")]
    [InlineData("{\"text\":\"a\",\"client_id\":1}", "invalid_json")]
    [InlineData("{\"text\":\"a\",\"text\":\"b\",\"client_id\":\"1\"}", "invalid_json")]
    [InlineData("{\"text\":\"a\",\"te\\u0078t\":\"b\",\"client_id\":\"1\"}", "invalid_json")]
    [InlineData("{\"text\":\"\\ud800\",\"client_id\":\"1\"}", "invalid_json")]
    [InlineData("{\"text\":\"\\udc00x\",\"client_id\":\"1\"}", "invalid_json")]
    [InlineData("{\"text\":\"a\\u0\",\"client_id\":\"1\"}", "invalid_json")]
    [InlineData("{\"text\":\"a\nb\",\"client_id\":\"1\"}", "invalid_json")]
    [InlineData("{\"text\":null,\"client_id\":\"1\"}", "invalid_field")]
    [InlineData("{\"TEXT\":\"a\",\"client_id\":\"1\"}", "invalid_field")]
    [InlineData("{}", "invalid_field")]
    public async Task What_is_not_the_body_is_refused(string body, string code)
    {
        var dialog = await OpenDialogAsync();
        (await dialog.Account.Api.PostTextAsync($"{dialog.Path}/messages", body, dialog.Token)).IsProblem(400, code);
        Assert.Single((await dialog.ReadAsync()).Items);
    }

    [Fact]
    public async Task Deep_nesting_and_bad_utf_8_are_refused()
    {
        var dialog = await OpenDialogAsync();
        var deep = $$"""{"text":"a","client_id":"1","x":{{new string('[', 20_000)}}{{new string(']', 20_000)}}}""";
        (await dialog.Account.Api.PostTextAsync($"{dialog.Path}/messages", deep, dialog.Token)).IsProblem(400, "invalid_json");

        byte[][] broken = [[0xff, 0xfe], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xc3]];
        foreach (var bytes in broken)
        {
            byte[] body = [.. "{\"text\":\"a"u8, .. bytes, .. "\",\"client_id\":\"1\"}"u8];
            (await dialog.Account.Api.PostBytesAsync($"{dialog.Path}/messages", body, dialog.Token)).IsProblem(400, "invalid_json");
        }

        Assert.Single((await dialog.ReadAsync()).Items);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/jsonx")]
    [InlineData("")]
    [InlineData("nonsense")]
    public async Task Another_type_than_json_is_refused(string type)
    {
        var dialog = await OpenDialogAsync();
        (await dialog.Account.Api.PostTextAsync($"{dialog.Path}/messages", """{"text":"a","client_id":"1"}""", dialog.Token, type))
            .IsProblem(415, "unsupported_media_type");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("APPLICATION/JSON; charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/vnd.api+json")]
    public async Task Every_way_to_say_json_is_taken(string type)
    {
        var dialog = await OpenDialogAsync();
        (await dialog.Account.Api.PostTextAsync($"{dialog.Path}/messages", """{"text":"a","client_id":"1"}""", dialog.Token, type)).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_compressed_body_is_refused()
    {
        var dialog = await OpenDialogAsync();
        var content = new StringContent("""{"text":"a","client_id":"1"}""", Encoding.UTF8, "application/json");
        content.Headers.ContentEncoding.Add("gzip");
        var request = new HttpRequestMessage(HttpMethod.Post, $"{dialog.Path}/messages") { Content = content };
        (await dialog.Account.Api.SendAsync(request, dialog.Token)).IsProblem(415, "unsupported_media_type");
    }

    [Theory]
    [InlineData(64 * 1024 + 1, false)]
    [InlineData(64 * 1024 + 1, true)]
    [InlineData(4 * 1024 * 1024, false)]
    [InlineData(4 * 1024 * 1024, true)]
    public async Task More_than_64_KiB_are_refused_announced_or_not(int length, bool chunked)
    {
        var dialog = await OpenDialogAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, $"{dialog.Path}/messages") { Content = Body(length) };
        request.Headers.TransferEncodingChunked = chunked;

        (await dialog.Account.Api.SendAsync(request, dialog.Token)).IsProblem(413, "body_too_large");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Just_64_KiB_are_taken(bool chunked)
    {
        var dialog = await OpenDialogAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, $"{dialog.Path}/messages") { Content = Body(64 * 1024) };
        request.Headers.TransferEncodingChunked = chunked;

        (await dialog.Account.Api.SendAsync(request, dialog.Token)).Is(HttpStatusCode.Created);
    }

    private static ByteArrayContent Body(int length)
    {
        const string Json = """{"text":"a","client_id":"1"}""";
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(Json.PadRight(length)));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
