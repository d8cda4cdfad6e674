using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using ReplyX.Messaging.Redis;

namespace ReplyX.Api.Problems;

/// <summary>
/// Answers what may be thrown in good order: Redis away, a body that Kestrel refuses, a caller who left. Only what remains is a
/// fault of ours, and is logged as one.
/// </summary>
internal sealed partial class FailureHandler(ILogger<FailureHandler> logger) : IExceptionHandler
{
    // nginx's status for a caller who closed; it never reaches anybody.
    private const int CallerLeft = 499;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested || IsBroken(exception) || IsBroken(exception.InnerException))
        {
            httpContext.Response.StatusCode = CallerLeft;
            return true;
        }

        Problem? problem = exception switch
        {
            MessagingUnavailableException => Appends(httpContext) ? Problem.UnknownOutcome : Problem.StoreUnavailable,
            BadHttpRequestException bad => Problem.OfStatus(bad.StatusCode),
            _ => null,
        };
        if (problem is null)
        {
            return false;
        }

        if (exception is MessagingUnavailableException)
        {
            Log.StoreUnavailable(logger, exception.InnerException?.GetType().Name ?? exception.GetType().Name);
        }

        try
        {
            await problem.ExecuteAsync(httpContext);
        }
        catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            // The caller left while the problem was written.
        }

        return true;
    }

    // A connection that broke amid the body throws before the request is said to be aborted: by itself if the other side broke it,
    // within an OperationCanceledException if this side did.
    private static bool IsBroken(Exception? exception) => exception is ConnectionResetException or ConnectionAbortedException;

    // The middleware has taken the endpoint off the context by now.
    private static bool Appends(HttpContext context) =>
        context.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<AppendsMetadata>() is not null;

    private static partial class Log
    {
        // Without the exception: an outage would write one stack trace a request.
        [LoggerMessage(1, LogLevel.Warning, "The message store does not answer: {Reason}")]
        public static partial void StoreUnavailable(ILogger logger, string reason);
    }
}
