using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.Streams;
using ReplyX.Realtime.Connections;
using ReplyX.Realtime.Health;
using ReplyX.Realtime.Limits;
using ReplyX.Realtime.Routes;
using ReplyX.Realtime.Telemetry;

namespace ReplyX.Validation.Services;

/// <summary>Fills pools and sees who is refused, which metrics name them and which fields of the health report count them.</summary>
internal static class PoolTrial
{
    private static readonly string[] _counts = ["active_admin_connections", "active_site_connections"];

    public static IReadOnlyList<PoolFacts> Read(IServiceProvider services)
    {
        var metrics = Metrics(services);
        var health = Health();
        return
        [
            .. SocketRoutes.All.Select(route => route.Pool).Distinct().Select(pool => new PoolFacts(
                pool,
                [.. Refused(services, pool)],
                [.. metrics.Where(one => one.Pool == pool).Select(one => one.Metric).Distinct().Order(StringComparer.Ordinal)],
                [.. health.Where(one => one.Pool == pool).Select(one => one.Field)])),
        ];
    }

    // A pool that takes one socket has one: where is the next refused?
    private static IEnumerable<string> Refused(IServiceProvider services, string pool)
    {
        var first = SocketRoutes.All.First(route => route.Pool == pool);
        foreach (var route in SocketRoutes.All)
        {
            var limits = ActivatorUtilities.CreateInstance<ConnectionLimits>(
                services, Options.Create(new LimitOptions { SocketsPerPool = 1, OperatorReserve = 0 }));
            if (limits.TryEnter(Somebody(first, 1), IPAddress.Loopback) == Limit.None
                && limits.TryEnter(Somebody(route, 2), IPAddress.Loopback) == Limit.Pool)
            {
                yield return route.Path;
            }
        }
    }

    private static Peer Somebody(SocketRoute route, long number)
    {
        var name = $"somebody{number}";
        return new Peer(route, StreamKey.ForDialog("acme", number), name, name, Name: null, DateTimeOffset.MaxValue);
    }

    private static List<(string Pool, string Metric)> Metrics(IServiceProvider services)
    {
        var found = new List<(string, string)>();
        var factory = services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            // Other services of this process have meters of the same name.
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == RealtimeMetrics.MeterName && instrument.Meter.Scope == factory)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (tag is { Key: "pool", Value: string pool })
                {
                    found.Add((pool, instrument.Name));
                }
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return found;
    }

    // Of a node whose one pool is full the report names the pool, and one of its counts is not 0.
    private static List<(string Pool, string Field)> Health()
    {
        var found = new List<(string, string)>();
        foreach (var (admin, site) in ((int, int)[])[(1, 0), (0, 1)])
        {
            var node = new NodeReport("node", new Uri("http://localhost"), "localhost", 1, DateTimeOffset.MinValue, Ready: true, admin, site, PoolLimit: 1);
            var report = WebSocketReport.Of(new ClusterReport([node], 0, 0, DialogsEstimated: false), TimeSpan.FromMilliseconds(1));
            var json = JsonSerializer.SerializeToElement(report, HealthJson.Default.WebSocketReport);
            foreach (var pool in SocketRoutes.All.Select(route => route.Pool).Distinct())
            {
                if (report.Reasons?.Any(reason => reason.Split(' ').Contains(pool)) == true)
                {
                    found.AddRange(_counts
                        .Where(field => json.TryGetProperty(field, out var count) && count.GetInt32() == 1)
                        .Select(field => (pool, field)));
                }
            }
        }

        return found;
    }
}
