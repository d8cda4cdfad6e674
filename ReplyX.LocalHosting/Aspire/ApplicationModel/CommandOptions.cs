namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a command is presented.</summary>
public class CommandOptions
{
    /// <summary>What it does, in a sentence.</summary>
    public string? Description { get; set; }

    /// <summary>What a person is asked before it is carried out; null asks nothing. Only a dashboard asks.</summary>
    public string? ConfirmationMessage { get; set; }

    /// <summary>The name of a Fluent UI icon.</summary>
    public string? IconName { get; set; }
}
