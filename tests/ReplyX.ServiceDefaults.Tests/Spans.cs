using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;

namespace ReplyX.ServiceDefaults.Tests;

/// <summary>Keeps the spans that ended, and tells of each.</summary>
internal sealed class Spans : BaseProcessor<Activity>
{
    private readonly SemaphoreSlim _ended = new(0);

    public ConcurrentQueue<Activity> All { get; } = new();

    public override void OnEnd(Activity data)
    {
        All.Enqueue(data);
        _ended.Release();
    }

    public async Task<Activity> WaitForAsync(Func<Activity, bool> wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (All.FirstOrDefault(wanted) is { } span)
            {
                return span;
            }

            await _ended.WaitAsync(cancellationToken);
        }
    }
}
