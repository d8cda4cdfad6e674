namespace ReplyX.Client;

/// <summary>Why a message was not acknowledged.</summary>
/// <param name="Code">The fixed name, the server's or one of <see cref="SendErrorCodes"/>.</param>
/// <param name="Message">The same in English.</param>
/// <param name="MayBeStored">Whether the message may stand in the log all the same: send it again with the same key to find out.</param>
public sealed record SendError(string Code, string? Message, bool MayBeStored = false);
