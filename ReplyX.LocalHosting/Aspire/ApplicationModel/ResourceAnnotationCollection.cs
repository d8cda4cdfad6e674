using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The facts attached to one resource, in the order in which they were given.</summary>
public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;
