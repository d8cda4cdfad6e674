using ReplyX.LocalHosting.Parameters;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that comes from outside: configuration, user secrets, or a generator.</summary>
public class ParameterResource : Resource, IExpressionValue
{
    private readonly Lazy<string> _value;

    /// <summary>Makes a parameter.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="callback">Gives the value; called once, when it is first asked for.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
        : base(name)
    {
        _value = new Lazy<string>(() => callback(Default));
        Secret = secret;
    }

    /// <summary>How a value is made when none was given.</summary>
    public ParameterDefault? Default { get; set; }

    /// <summary>Whether the value must not be shown.</summary>
    public bool Secret { get; }

    /// <inheritdoc />
    public string ValueExpression => $"{{{Name}.value}}";

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => new(_value.Value);
}

/// <summary>How a parameter gets a value when nobody gave one.</summary>
public abstract class ParameterDefault
{
    /// <summary>Makes a value; a new one at each call.</summary>
    /// <returns>The value.</returns>
    public abstract string GetDefaultValue();
}

/// <summary>Makes a random value, as for a password.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    /// <summary>The least number of characters; 22 make 128 bits of letters and digits.</summary>
    public int MinLength { get; set; } = 22;

    /// <summary>Whether punctuation is among the characters.</summary>
    public bool Special { get; set; } = true;

    /// <inheritdoc />
    public override string GetDefaultValue() => RandomText.Create(MinLength, Special);
}
