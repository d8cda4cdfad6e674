using Microsoft.AspNetCore.Mvc;

namespace ReplyX.Api.Messages;

/// <summary>Which part of a dialog is asked for, as it stands in the query.</summary>
internal sealed record HistoryQuery(
    [FromQuery(Name = "after")] string? After,
    [FromQuery(Name = "before")] string? Before,
    [FromQuery(Name = "limit")] string? Limit);
