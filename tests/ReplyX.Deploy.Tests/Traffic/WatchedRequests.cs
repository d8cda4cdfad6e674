using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using ReplyX.Deploy.Tests.Hosting;

namespace ReplyX.Deploy.Tests.Traffic;

/// <summary>
/// Makes the requests of visitors and operators as a browser does, and notes those that fail. nginx closes idle connections when it
/// reloads, and a request may be under way on one at that moment: it was not read, so a browser sends it again, over a new connection.
/// </summary>
internal sealed class WatchedRequests() : DelegatingHandler(FrontDoorClient.Handler())
{
    private readonly HttpMessageInvoker _fresh = new(FrontDoorClient.Handler(keepsConnections: false));
    private long _count;
    private long _again;

    public long Count => Interlocked.Read(ref _count);

    /// <summary>How many were sent again.</summary>
    public long Again => Interlocked.Read(ref _again);

    public ConcurrentQueue<string> Failures { get; } = new();

    /// <summary>Whether failures are expected: the services are gone, and it is not the deploy that took them away.</summary>
    public bool IsOutage { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var begunAmidOutage = IsOutage;
        Interlocked.Increment(ref _count);
        try
        {
            var answer = await SendLikeBrowserAsync(request, cancellationToken);

            // 409 is an answer: the handoff is where the other side has put it.
            if (!answer.IsSuccessStatusCode && answer.StatusCode != HttpStatusCode.Conflict)
            {
                Note(request, $"{(int)answer.StatusCode}", begunAmidOutage);
            }

            return answer;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            Note(request, $"{e.GetType().Name} {e.InnerException?.Message ?? e.Message}", begunAmidOutage);
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        _fresh.Dispose();
        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> SendLikeBrowserAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ResponseEnded || e.InnerException is IOException)
        {
            Interlocked.Increment(ref _again);
            return await _fresh.SendAsync(request, cancellationToken);
        }
    }

    private void Note(HttpRequestMessage request, string what, bool begunAmidOutage)
    {
        if (!begunAmidOutage && !IsOutage)
        {
            Failures.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} {request.Method} {request.RequestUri?.AbsolutePath}: {what}"));
        }
    }
}
