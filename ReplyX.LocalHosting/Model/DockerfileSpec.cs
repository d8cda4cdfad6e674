using Aspire.Hosting.ApplicationModel;

namespace ReplyX.LocalHosting.Model;

/// <summary>How a container's image is built; both paths are absolute.</summary>
internal sealed record DockerfileSpec(string Context, string Dockerfile, string? Stage) : IResourceAnnotation;
