namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something whose value is known only once the application runs.</summary>
public interface IValueProvider
{
    /// <summary>Gives the value.</summary>
    /// <param name="cancellationToken">Ends the wait for it.</param>
    /// <returns>The value, or null if there is none.</returns>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}
