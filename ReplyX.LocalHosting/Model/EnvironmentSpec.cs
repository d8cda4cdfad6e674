using Aspire.Hosting.ApplicationModel;

namespace ReplyX.LocalHosting.Model;

internal sealed record EnvironmentSpec(Action<EnvironmentCallbackContext> Change) : IResourceAnnotation;
