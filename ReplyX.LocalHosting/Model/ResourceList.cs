using Aspire.Hosting.ApplicationModel;

namespace ReplyX.LocalHosting.Model;

/// <summary>All resources, in the order in which they were added.</summary>
internal sealed class ResourceList : List<IResource>;
