using ReplyX.Messaging.Data;

namespace ReplyX.Api.Data;

/// <summary>Writes an export's result as it is read, a part at a time.</summary>
internal sealed class DataJobDownload(DataJobs jobs, DataJob job) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        await using var parts = jobs.ReadResultAsync(job, httpContext.RequestAborted).GetAsyncEnumerator(httpContext.RequestAborted);

        // The first before the headers, so that a store that is away is told as such.
        var isMore = await parts.MoveNextAsync();
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = job.Bytes;
        response.Headers.ContentDisposition = $"attachment; filename=\"replyx-export-{job.Id}.json\"";
        response.Headers.CacheControl = "no-store";
        while (isMore)
        {
            await response.Body.WriteAsync(parts.Current, httpContext.RequestAborted);
            isMore = await parts.MoveNextAsync();
        }
    }
}
