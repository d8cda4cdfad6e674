namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something that a published manifest refers to by an expression.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The expression, such as <c>{redis.bindings.tcp.port}</c>.</summary>
    string ValueExpression { get; }
}
