namespace ReplyX.Deploy.Tests;

/// <summary>One thing that was done to the deployment.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="ExitCodes">What the script answered, each time that it ran.</param>
/// <param name="Lines">What it said.</param>
/// <param name="Current">The colour that visitors got after it.</param>
/// <param name="Connects">How often each socket was opened while it lasted.</param>
/// <param name="NotMoved">Sockets that were still on the colour before at the end of the watch, before that colour is stopped; null if it did not say so.</param>
internal sealed record Act(
    string Name, IReadOnlyList<int> ExitCodes, IReadOnlyList<string> Lines, string Current, IReadOnlyList<long> Connects, int? NotMoved)
{
    public int ExitCode => ExitCodes[^1];

    public string Output => string.Join('\n', Lines);
}
