namespace ReplyX.Api.Limits;

/// <summary>The largest body of an endpoint that takes more than others.</summary>
/// <param name="Bytes">The most, in bytes.</param>
internal sealed record BodyLimitMetadata(int Bytes)
{
    /// <summary>For what an owner writes in one piece: lists of texts, each character of which may come as an escape of six bytes.</summary>
    public static readonly BodyLimitMetadata Lists = new(5 * 1024 * 1024);

    /// <summary>The most that the request's endpoint takes.</summary>
    /// <param name="context">The request.</param>
    /// <param name="usual">What endpoints take that say nothing else.</param>
    public static int Of(HttpContext context, int usual) =>
        Math.Max(usual, context.GetEndpoint()?.Metadata.GetMetadata<BodyLimitMetadata>()?.Bytes ?? 0);
}
