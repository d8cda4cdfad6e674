using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using ReplyX.Api.Web;

namespace ReplyX.Api.Tests.Web;

public sealed partial class AssetsTests(SharedServers servers) : ApiTest(servers)
{
    private static readonly WebAssets _assets = new();

    [Fact]
    public void Every_import_of_a_module_is_there()
    {
        var missing = _assets.All.Where(asset => asset.Path.EndsWith(".js", StringComparison.Ordinal))
            .SelectMany(module => ModuleImports.Of(module).Where(import => _assets.Find(import) is null).Select(import => $"{module.Path}: {import}"));

        Assert.Empty(missing);
    }

    [Fact]
    public void The_client_is_served_with_all_of_its_modules()
    {
        var modules = _assets.ModulesOf("client/index.js");

        Assert.Contains("client/src/client.js", modules);
        Assert.Equal(_assets.All.Count(asset => asset.Path.StartsWith("client/", StringComparison.Ordinal)), modules.Count);
    }

    [Fact]
    public void Files_of_others_are_what_their_list_says()
    {
        var list = System.Text.Encoding.UTF8.GetString(_assets.Get("vendor/VENDOR.md").Content);
        var listed = ListedFile().Matches(list).ToDictionary(match => match.Groups["file"].Value, match => match.Groups["hash"].Value);
        var scripts = _assets.All.Where(asset => asset.Path.StartsWith("vendor/", StringComparison.Ordinal) && Path.GetExtension(asset.Path) is ".js" or ".css");

        Assert.Equal(
            scripts.ToDictionary(asset => asset.Path["vendor/".Length..], asset => Convert.ToHexStringLower(SHA256.HashData(asset.Content))).OrderBy(file => file.Key),
            listed.OrderBy(file => file.Key));
    }

    [Theory]
    [InlineData("br, gzip", "br")]
    [InlineData("gzip, deflate", "gzip")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    [InlineData("br;q=0.1", "br")]
    [InlineData("identity", null)]
    [InlineData("", null)]
    public async Task A_file_comes_in_the_encoding_that_is_accepted_and_may_be_kept_for_ever(string accepted, string? encoding)
    {
        using var response = await GetAsync($"{_assets.Root}/ui/tokens.css", request => request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("public, max-age=31536000, immutable", response.Headers.GetValues("Cache-Control").Single());
        Assert.Equal("Accept-Encoding", response.Headers.Vary.Single());
        Assert.Equal("text/css; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(encoding, response.Content.Headers.ContentEncoding.SingleOrDefault());
        await using var body = await response.Content.ReadAsStreamAsync(TestTimeout.Token());
        await using Stream decoded = encoding switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var content = new MemoryStream();
        await decoded.CopyToAsync(content, TestTimeout.Token());
        Assert.Equal(_assets.Get("ui/tokens.css").Content, content.ToArray());
    }

    [Theory]
    [InlineData("/assets/000000000000/ui/tokens.css")]
    [InlineData("{root}/ui/nothing.css")]
    [InlineData("{root}/../ReplyX.Api.dll")]
    [InlineData("{root}/%2e%2e/%2e%2e/appsettings.json")]
    [InlineData("{root}/chat/index.html")]
    public async Task What_is_not_a_file_of_this_version_is_not_found_and_not_kept(string path)
    {
        using var response = await GetAsync(path.Replace("{root}", _assets.Root, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("no-store", response.Headers.GetValues("Cache-Control").Single());
    }

    private async Task<HttpResponseMessage> GetAsync(string path, Action<HttpRequestMessage>? prepare = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        prepare?.Invoke(request);
        return await (await ApiAsync()).Http.SendAsync(request, TestTimeout.Token());
    }

    [GeneratedRegex(@"^\| `(?<file>[^`]+)` .*`(?<hash>[0-9a-f]{64})` \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ListedFile();
}
