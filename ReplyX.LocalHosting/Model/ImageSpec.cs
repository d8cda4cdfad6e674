using Aspire.Hosting.ApplicationModel;

namespace ReplyX.LocalHosting.Model;

/// <summary>The image that a container runs.</summary>
internal sealed record ImageSpec(string Name) : IResourceAnnotation;
