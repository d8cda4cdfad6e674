using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ReplyX.Api.Web;

/// <summary>
/// A page: a template among the files, whose <c>{{assets}}</c>, <c>{{modules}}</c>, <c>{{lang}}</c> and <c>{{config}}</c> are filled in.
/// The configuration is a data block, which is no script: a policy without inline scripts allows it.
/// </summary>
internal sealed class WebPage
{
    private readonly string _template;

    /// <param name="assets">The files.</param>
    /// <param name="template">The template's path.</param>
    /// <param name="entry">The page's first module, whose imports the browser is told of.</param>
    public WebPage(WebAssets assets, string template, string entry)
    {
        var preloads = assets.ModulesOf(entry).Select(module => $"<link rel=\"modulepreload\" href=\"{assets.Root}/{module}\">");
        _template = Encoding.UTF8.GetString(assets.Get(template).Content)
            .Replace("{{modules}}", string.Join("\n  ", preloads), StringComparison.Ordinal)
            .Replace("{{assets}}", assets.Root, StringComparison.Ordinal);
    }

    /// <param name="language">The page's language (BCP 47).</param>
    /// <param name="config">What the page's scripts have to know.</param>
    /// <param name="type">How that is serialized. The default encoder escapes <c>&lt;</c>, so that no value ends the block.</param>
    /// <param name="policy">The page's policy.</param>
    /// <param name="status">The answer's status.</param>
    public WebPageResult With<T>(
        string language, T config, JsonTypeInfo<T> type, ContentSecurityPolicy policy, int status = StatusCodes.Status200OK) => new(
        _template
            .Replace("{{lang}}", language, StringComparison.Ordinal)
            .Replace("{{config}}", JsonSerializer.Serialize(config, type), StringComparison.Ordinal),
        policy,
        status);
}
