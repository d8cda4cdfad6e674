using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ReplyX.Integration.Tests.Telemetry;

/// <summary>Looks at the span of every request of a socket, and holds none.</summary>
internal sealed class RequestSpans : IStartupFilter
{
    private readonly Lock _gate = new();
    private readonly List<WeakReference<Activity>> _spans = [];

    public void AddTo(WebApplicationBuilder builder) => builder.Services.AddSingleton<IStartupFilter>(this);

    /// <summary>Whether there were any, and all that are still held are stopped.</summary>
    public bool AreStopped
    {
        get
        {
            lock (_gate)
            {
                return _spans.Count > 0 && _spans.TrueForAll(span => !span.TryGetTarget(out var held) || held.IsStopped);
            }
        }
    }

    /// <summary>How many are held by somebody.</summary>
    public int Alive()
    {
        lock (_gate)
        {
            return _spans.Count(span => span.TryGetTarget(out _));
        }
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        // Not async: a method that waits for the socket's end would itself hold what it is to look for.
        app.Use(following => context =>
        {
            if (context.Request.Path.StartsWithSegments("/ws"))
            {
                lock (_gate)
                {
                    _spans.Add(new WeakReference<Activity>(context.Features.GetRequiredFeature<IHttpActivityFeature>().Activity));
                }
            }

            return following(context);
        });
        next(app);
    };
}
