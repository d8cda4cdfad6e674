using ReplyX.LocalHosting.Parameters;

namespace Aspire.Hosting.ApplicationModel;

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
