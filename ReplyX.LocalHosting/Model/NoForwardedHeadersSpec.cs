using Aspire.Hosting.ApplicationModel;

namespace ReplyX.LocalHosting.Model;

/// <summary>Says that a published project reads forwarded headers by rules of its own.</summary>
internal sealed record NoForwardedHeadersSpec : IResourceAnnotation;
