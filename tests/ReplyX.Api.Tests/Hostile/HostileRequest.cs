namespace ReplyX.Api.Tests.Hostile;

/// <summary>A request that no service should take, and the codes that it may be refused with.</summary>
internal sealed record HostileRequest(string Name, HttpRequestMessage Request, IReadOnlyCollection<string> Codes);
