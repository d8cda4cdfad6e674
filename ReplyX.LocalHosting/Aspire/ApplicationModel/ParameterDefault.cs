namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a parameter gets a value when nobody gave one.</summary>
public abstract class ParameterDefault
{
    /// <summary>Makes a value; a new one at each call.</summary>
    /// <returns>The value.</returns>
    public abstract string GetDefaultValue();
}
