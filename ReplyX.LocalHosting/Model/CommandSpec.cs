using Aspire.Hosting.ApplicationModel;

namespace ReplyX.LocalHosting.Model;

internal sealed record CommandSpec(string Name, Func<ExecuteCommandContext, Task<ExecuteCommandResult>> Execute) : IResourceAnnotation;
