using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using StackExchange.Redis.Profiling;

namespace ReplyX.ServiceDefaults.Redis;

/// <summary>
/// Makes client spans from the profiler of StackExchange.Redis, as children of the span that was current when a command was sent. A span
/// names the command and the server, but no keys and arguments, because they contain tokens and messages.
/// </summary>
internal sealed class RedisTracing(IConnectionMultiplexer redis, TimeProvider? time = null) : BackgroundService
{
    private static readonly ActivitySource _source = new("ReplyX.Redis");
    private static readonly TimeSpan _drainEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Activity, ProfilingSession> _sessions = new(ReferenceEqualityComparer.Instance);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        redis.RegisterProfiler(SessionOfCurrentSpan);
        using var timer = new PeriodicTimer(_drainEvery, time ?? TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Drain();
            }
        }
        catch (OperationCanceledException)
        {
            Drain();
        }
    }

    // Commands outside of a recorded span are not profiled, nor are those of work that goes on after its span has ended.
    private ProfilingSession? SessionOfCurrentSpan() =>
        Activity.Current is { Recorded: true, IsStopped: false } span ? _sessions.GetOrAdd(span, static _ => new ProfilingSession()) : null;

    private void Drain()
    {
        foreach (var (span, session) in _sessions)
        {
            var ended = span.IsStopped;
            var seen = false;
            foreach (var command in session.FinishProfiling())
            {
                seen = true;
                Emit(span, command);
            }

            // A command may end after its span, so a session is removed only after a round without new commands.
            if (ended && !seen)
            {
                _sessions.TryRemove(span, out _);
            }
        }
    }

    private static void Emit(Activity parent, IProfiledCommand command)
    {
        using var span = _source.StartActivity(command.Command, ActivityKind.Client, parent.Context, startTime: command.CommandCreated);
        if (span is null)
        {
            return;
        }

        span.SetTag("db.system.name", "redis");
        span.SetTag("db.operation.name", command.Command);
        if (command.EndPoint is IPEndPoint ip)
        {
            span.SetTag("server.address", ip.Address.ToString());
            span.SetTag("server.port", ip.Port);
        }
        else if (command.EndPoint is DnsEndPoint dns)
        {
            span.SetTag("server.address", dns.Host);
            span.SetTag("server.port", dns.Port);
        }

        span.SetEndTime(command.CommandCreated + command.ElapsedTime);
    }
}
