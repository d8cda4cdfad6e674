namespace ReplyX.Messaging.Accounts;

/// <summary>A customer's site that embeds the chat.</summary>
/// <param name="Account">The owning account.</param>
/// <param name="Id">The site's id, unique in the account.</param>
/// <param name="Name">Its name, shown to operators.</param>
/// <param name="AssistantId">The assistant that answers there; unique in all of ReplyX, and public.</param>
/// <param name="Welcome">The first message of every dialog; empty for none.</param>
/// <param name="Origins">Where the chat may be embedded: exact origins, or <c>*.</c> host patterns.</param>
/// <param name="DirectClient">Whether pages of <paramref name="Origins"/> may open sockets themselves, without our chat page.</param>
/// <param name="TokenVersion">Which of the site's tokens is valid: rotation counts it up.</param>
/// <param name="Look">How the chat looks there; null for the defaults.</param>
/// <param name="CreatedAt">When it was made; null for what was made before this was kept.</param>
/// <remarks>What has a default was added later: records that were stored before lack it.</remarks>
public sealed record Site(
    string Account,
    string Id,
    string Name,
    string AssistantId,
    string Welcome,
    IReadOnlyList<string> Origins,
    bool DirectClient,
    int TokenVersion,
    SiteLook? Look = null,
    DateTimeOffset? CreatedAt = null);
