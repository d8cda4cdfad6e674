using Aspire.Hosting.ApplicationModel;

namespace ReplyX.LocalHosting.Model;

internal sealed record UrlSpec(string EndpointName, Action<ResourceUrlAnnotation> Change) : IResourceAnnotation;
