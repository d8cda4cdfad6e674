namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something whose value is known only once the application runs.</summary>
public interface IValueProvider
{
    /// <summary>Gives the value.</summary>
    /// <param name="cancellationToken">Ends the wait for it.</param>
    /// <returns>The value, or null if there is none.</returns>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>Something that a published manifest refers to by an expression.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The expression, such as <c>{redis.bindings.tcp.port}</c>.</summary>
    string ValueExpression { get; }
}

/// <summary>A value with both forms: the running one and the published one.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;
