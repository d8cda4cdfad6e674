namespace ReplyX.LocalHosting.Processes;

/// <summary>What to run. A variable that is null is removed from the inherited environment.</summary>
internal sealed record ProcessSpec(
    string Command, IReadOnlyList<string> Arguments, string WorkingDirectory, IReadOnlyDictionary<string, string?> Environment, TimeSpan StopGrace);
