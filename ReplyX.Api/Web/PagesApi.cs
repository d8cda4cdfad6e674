namespace ReplyX.Api.Web;

/// <summary>Serves the pages.</summary>
internal static class PagesApi
{
    private static readonly string[] _methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapPages(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/console/{**path}", _methods, (ConsolePage page) => page.Result).ExcludeFromDescription();
}
