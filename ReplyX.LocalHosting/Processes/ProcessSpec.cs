namespace ReplyX.LocalHosting.Processes;

/// <summary>What to run. A null variable is taken out of the inherited environment.</summary>
internal sealed record ProcessSpec(
    string Command, IReadOnlyList<string> Arguments, string WorkingDirectory, IReadOnlyDictionary<string, string?> Environment, TimeSpan StopGrace);
