namespace ReplyX.Client;

/// <summary>Gets a token for a socket. A connection calls it once at a time.</summary>
/// <param name="need">Why.</param>
/// <param name="cancellationToken">Set when the connection is closed.</param>
/// <returns>The token, or null when there is none to be had any more, which ends the connection.</returns>
/// <remarks>An exception counts as a passing fault: the connection backs off and asks again.</remarks>
public delegate ValueTask<string?> TokenProvider(TokenNeed need, CancellationToken cancellationToken);
