namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value with both forms: the running one and the published one.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;
