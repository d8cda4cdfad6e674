namespace ReplyX.Client;

/// <summary>How a connection ended for good.</summary>
/// <param name="Reason">Why.</param>
/// <param name="CloseCode">The close code, if a socket was closed with one.</param>
/// <param name="HttpStatus">The HTTP status, if an upgrade was refused with one.</param>
/// <param name="Detail">A short English text for logs; never a token.</param>
public sealed record ConnectionEnd(ConnectionEndReason Reason, int? CloseCode = null, int? HttpStatus = null, string? Detail = null);
