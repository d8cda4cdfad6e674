namespace ReplyX.AppHost;

internal static class DemoShop
{
    /// <summary>
    /// Shows the address of the demo shop. The shop is a page of the Api too, by another name than the widget in it, so that the two are of
    /// different origins, as they are in life.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithDemoShop(this IResourceBuilder<ProjectResource> api) =>
        api.WithUrlForEndpoint("http", endpoint => new ResourceUrlAnnotation
        {
            Url = $"http://127.0.0.1:{endpoint.Port}/demo",
            DisplayText = "a shop with the widget",
        });
}
