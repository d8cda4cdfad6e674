namespace Aspire.Hosting.ApplicationModel;

/// <summary>An address shown to whoever runs the application.</summary>
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    /// <summary>The address; a path alone is taken relative to the endpoint.</summary>
    public required string Url { get; set; }

    /// <summary>What is shown beside it.</summary>
    public string? DisplayText { get; set; }

    /// <summary>The endpoint that it leads to.</summary>
    public EndpointReference? Endpoint { get; init; }
}
