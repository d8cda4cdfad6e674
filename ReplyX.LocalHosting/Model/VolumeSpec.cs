using Aspire.Hosting.ApplicationModel;

namespace ReplyX.LocalHosting.Model;

/// <summary>A volume of a container; one without a name lives as long as the container.</summary>
internal sealed record VolumeSpec(string? Name, string Target, bool IsReadOnly) : IResourceAnnotation;
