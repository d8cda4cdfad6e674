namespace Aspire.Hosting.ApplicationModel;

/// <summary>Marks a fact that can be attached to a resource.</summary>
public interface IResourceAnnotation;
