using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace ReplyX.Api.Web;

/// <summary>Serves the files of the pages.</summary>
internal static class AssetsApi
{
    private const string Immutable = "public, max-age=31536000, immutable";

    // Pages name the loader without a version. A new one is everywhere within minutes, and nobody waits for it.
    private const string Loader = "public, max-age=600, stale-while-revalidate=86400";

    public static void MapAssets(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/assets/{version}/{**path}", [HttpMethods.Get, HttpMethods.Head], Serve).ExcludeFromDescription();

    public static void MapLoader(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/widget.js", [HttpMethods.Get, HttpMethods.Head], (WebAssets assets) =>
        {
            var loader = assets.Get("widget/loader.js");
            return new WebAssetResult(loader, Loader, loader.Hash);
        }).ExcludeFromDescription();

    private static Results<WebAssetResult, Problem> Serve(string version, string? path, WebAssets assets, HttpContext context)
    {
        // A page of the version before asks for files that are gone. It must not get others under their names, and no cache may keep the answer.
        if (version != assets.Version || path is null || assets.Find(path) is not { } asset || asset.Path.EndsWith(".html", StringComparison.Ordinal))
        {
            context.Response.Headers[HeaderNames.CacheControl] = "no-store";
            return Problem.NotFound;
        }

        return new WebAssetResult(asset, Immutable);
    }
}
