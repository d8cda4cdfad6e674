using Aspire.Hosting.ApplicationModel;

namespace ReplyX.LocalHosting.Model;

internal sealed record ArgumentsSpec(Action<CommandLineArgsCallbackContext> Change) : IResourceAnnotation;
