namespace Aspire.Hosting.ApplicationModel;

/// <summary>A property of a running resource, such as <c>executable.pid</c>.</summary>
/// <param name="Name">The property's name.</param>
/// <param name="Value">Its value.</param>
public sealed record ResourcePropertySnapshot(string Name, object? Value);
