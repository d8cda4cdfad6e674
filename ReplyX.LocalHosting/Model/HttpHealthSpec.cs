using Aspire.Hosting.ApplicationModel;

namespace ReplyX.LocalHosting.Model;

internal sealed record HttpHealthSpec(string Path, int StatusCode, string? EndpointName) : IResourceAnnotation;
