namespace ReplyX.Api.Problems;

/// <summary>Marks endpoints that append to a dialog: when Redis is away there, the outcome is unknown.</summary>
internal sealed class AppendsMetadata;
