using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Api.Problems;

/// <summary>
/// Answers expected exceptions: Redis is unavailable, Kestrel refuses a body, the client has disconnected. Only other exceptions are
/// logged as errors.
/// </summary>
internal sealed partial class FailureHandler(ILogger<FailureHandler> logger) : IExceptionHandler
{
    // nginx's status for a client that has disconnected. It is only seen in metrics and logs.
    private const int ClientClosedRequest = 499;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested || IsBrokenConnection(exception) || IsBrokenConnection(exception.InnerException))
        {
            httpContext.Response.StatusCode = ClientClosedRequest;

            // Or the server tries to read the rest of a body whose reading broke, and logs as an error that it cannot.
            httpContext.Abort();
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
            Log.StoreUnavailable(logger, ReasonOf(exception.InnerException ?? exception));
        }

        try
        {
            await problem.ExecuteAsync(httpContext);
        }
        catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            // The client disconnected while the problem was written.
        }

        return true;
    }

    // Of what Redis itself says the first word, which is its code: the rest may name keys.
    private static string ReasonOf(Exception exception) => exception is RedisServerException
        ? $"{nameof(RedisServerException)} {exception.Message.Split(' ', 2)[0]}"
        : exception.GetType().Name;

    // If the connection breaks while the body is read, the exception comes before RequestAborted is set. It is the exception itself if
    // the client broke the connection, and the inner exception of an OperationCanceledException if this side did.
    private static bool IsBrokenConnection(Exception? exception) => exception is ConnectionResetException or ConnectionAbortedException;

    // The exception middleware has removed the endpoint from the context.
    private static bool Appends(HttpContext context) =>
        context.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<AppendsMetadata>() is not null;

    private static partial class Log
    {
        // Logged without the exception: an outage would write a stack trace for every request.
        [LoggerMessage(1, LogLevel.Warning, "The message store does not answer: {Reason}")]
        public static partial void StoreUnavailable(ILogger logger, string reason);
    }
}
