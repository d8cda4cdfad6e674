namespace ReplyX.Api.Web;

/// <summary>The languages that a page has: those of the files in its <c>i18n</c> folder.</summary>
internal sealed class PageLanguages(WebAssets assets)
{
    private const string Fallback = "en";

    public IReadOnlyList<string> Of(string page)
    {
        var folder = $"{page}/i18n/";
        return [.. assets.All.Where(asset => asset.Path.StartsWith(folder, StringComparison.Ordinal) && asset.Path.EndsWith(".js", StringComparison.Ordinal))
            .Select(asset => Path.GetFileNameWithoutExtension(asset.Path))
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>The language that is asked for; else the one that the browser likes best of those that there are.</summary>
    public static string Choose(string? wanted, HttpRequest request, IReadOnlyList<string> languages)
    {
        var accepted = request.GetTypedHeaders().AcceptLanguage.OrderByDescending(item => item.Quality ?? 1).Where(item => item.Quality != 0);
        return new[] { wanted }.Concat(accepted.Select(item => item.Value.Value))
            .Select(tag => languages.FirstOrDefault(language => string.Equals(language, tag?.Split('-')[0], StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(language => language is not null) ?? Fallback;
    }
}
