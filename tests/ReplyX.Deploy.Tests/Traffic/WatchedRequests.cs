using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace ReplyX.Deploy.Tests.Traffic;

/// <summary>Counts requests that visitors and operators make, and notes those that fail.</summary>
internal sealed class WatchedRequests(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public ConcurrentQueue<string> Failures { get; } = new();

    /// <summary>Whether failures are expected: the services are gone, and it is not the deploy that took them away.</summary>
    public bool IsOutage { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var begunAmidOutage = IsOutage;
        Interlocked.Increment(ref _count);
        try
        {
            var answer = await base.SendAsync(request, cancellationToken);

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

    private void Note(HttpRequestMessage request, string what, bool begunAmidOutage)
    {
        if (!begunAmidOutage && !IsOutage)
        {
            Failures.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} {request.Method} {request.RequestUri?.AbsolutePath}: {what}"));
        }
    }
}
