using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ReplyX.Client;

/// <summary>Makes calls, and repeats those that may be repeated.</summary>
internal sealed class ApiTransport(HttpClient http, ReplyXApiOptions options)
{
    internal TimeProvider Time => options.TimeProvider;

    /// <summary>Makes a call.</summary>
    /// <param name="call">What to ask for.</param>
    /// <param name="answer">The answer's shape.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task<ApiResult<T>> SendAsync<T>(ApiCall call, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
        where T : class
    {
        var backoff = new ReconnectBackoff(options.MinDelay, options.MaxDelay, options.Random ?? Random.Shared);
        for (var attempt = 1; ; attempt++)
        {
            var result = await TryAsync(call, answer, cancellationToken);
            if (result.Problem is not { } problem || attempt == options.MaxAttempts || !MayRepeat(call, problem))
            {
                return result with { Attempts = attempt };
            }

            var own = backoff.Next();
            var wait = problem.RetryAfter > own ? problem.RetryAfter.Value : own;
            if (wait > options.MaxDelay)
            {
                return result with { Attempts = attempt };
            }

            await Task.Delay(wait, Time, cancellationToken);
        }
    }

    /// <summary>After 429 any call may be repeated, since nothing was done. Where the outcome is unknown only a repeatable one may.</summary>
    private static bool MayRepeat(ApiCall call, ApiProblem problem)
        => problem.Status == (int)HttpStatusCode.TooManyRequests
            || (call.Repeatable && problem.Status is 0 or 408 or 502 or 503 or 504);

    private async Task<ApiResult<T>> TryAsync<T>(ApiCall call, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
        where T : class
    {
        using var limit = new CancellationTokenSource(options.AttemptTimeout, Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var status = 0;
        try
        {
            using var request = call.ToRequest();
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            status = (int)response.StatusCode;
            await using var body = await response.Content.ReadAsStreamAsync(both.Token);
            if (!response.IsSuccessStatusCode)
            {
                return Failed<T>(status, await ReadProblemAsync(status, body, response.Headers.RetryAfter, both.Token));
            }

            if (response.StatusCode == HttpStatusCode.NoContent && NoBody.Instance is T nothing)
            {
                return new ApiResult<T> { Value = nothing, Status = status };
            }

            var value = await JsonSerializer.DeserializeAsync(body, answer, both.Token);
            return value is null ? Failed<T>(status, Unreadable(status)) : new ApiResult<T> { Value = value, Status = status };
        }
        catch (JsonException)
        {
            return Failed<T>(status, Unreadable(status));
        }
        catch (HttpRequestException e)
        {
            return Failed<T>(0, new ApiProblem(0, ApiProblem.NoAnswer, e.HttpRequestError.ToString()));
        }
        catch (IOException)
        {
            return Failed<T>(0, new ApiProblem(0, ApiProblem.NoAnswer, "The answer broke off."));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed<T>(0, new ApiProblem(0, ApiProblem.NoAnswer, "The answer did not come in time."));
        }
    }

    private async Task<ApiProblem> ReadProblemAsync(
        int status, Stream body, RetryConditionHeaderValue? retryAfter, CancellationToken cancellationToken)
    {
        ProblemBody? problem = null;
        try
        {
            problem = await JsonSerializer.DeserializeAsync(body, ApiJson.Default.ProblemBody, cancellationToken);
        }
        catch (JsonException)
        {
            // The body is not the Api's, but a proxy's page, for example; only the status is known.
        }

        return new ApiProblem(status, problem?.Code ?? "http_error", problem?.Detail ?? problem?.Title, RetryAfterHeader.Read(retryAfter, Time));
    }

    private static ApiProblem Unreadable(int status) => new(status, "unreadable_answer", "The answer is not what the Api documents.");

    private static ApiResult<T> Failed<T>(int status, ApiProblem problem)
        where T : class
        => new() { Problem = problem, Status = status };
}
