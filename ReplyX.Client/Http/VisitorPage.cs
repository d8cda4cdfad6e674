namespace ReplyX.Client;

/// <summary>A page that a visitor is on.</summary>
/// <param name="Url">Its address, http or https.</param>
/// <param name="Title">Its title.</param>
/// <param name="Referrer">Where the visitor came from.</param>
public sealed record VisitorPage(Uri Url, string? Title = null, Uri? Referrer = null);
