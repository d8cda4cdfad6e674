using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using ReplyX.Messaging.Dialogs;
using ReplyX.ServiceDefaults.Problems;

namespace ReplyX.Api.Problems;

/// <summary>
/// An error as clients get it: problem details (RFC 9457) with a <c>code</c> for programs. All errors of this service are in the
/// catalogue, and docs/http.md lists them.
/// </summary>
internal sealed partial record Problem(string Code, int Status, string Title)
    : IResult, IStatusCodeHttpResult, IContentTypeHttpResult, IEndpointMetadataProvider
{
    public string Type => ProblemFormat.TypeOf(Code);

    public string? Detail { get; init; }

    /// <summary>The member or parameter that is wrong.</summary>
    public string? Field { get; init; }

    /// <summary>The dialog's state, where that is the reason.</summary>
    public HandoffState? Handoff { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    int? IStatusCodeHttpResult.StatusCode => Status;

    string? IContentTypeHttpResult.ContentType => ProblemFormat.MediaType;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (response.HasStarted)
        {
            return;
        }

        response.StatusCode = Status;
        if (RetryAfter is { } pause)
        {
            response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = Challenge;
        }

        httpContext.RequestServices.GetRequiredService<ApiMetrics>().Answered(Code);
        await response.WriteAsJsonAsync(
            ProblemBody.Of(this, httpContext), ApiJson.Relaxed.ProblemBody, ProblemFormat.MediaType, httpContext.RequestAborted);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(
            StatusCodes.Status400BadRequest, typeof(ProblemBody), [ProblemFormat.MediaType]));

    // RFC 6750 section 3: without a token in the request, the challenge has no error code.
    private string Challenge => this == TokenMissing || this == SignInFailed || this == KeyInvalid || this == SessionEnded
        ? "Bearer realm=\"replyx\""
        : string.Create(CultureInfo.InvariantCulture, $"Bearer realm=\"replyx\", error=\"invalid_token\", error_description=\"{Code}\"");
}
