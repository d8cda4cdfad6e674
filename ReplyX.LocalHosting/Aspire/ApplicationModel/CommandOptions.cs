namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a command is presented.</summary>
public class CommandOptions
{
    /// <summary>What it does, in a sentence.</summary>
    public string? Description { get; set; }
}
