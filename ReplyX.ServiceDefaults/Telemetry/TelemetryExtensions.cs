using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ReplyX.ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    private const string OwnNames = "ReplyX.*";
    private const double ProductionSampleRatio = 0.05;

    // The names of OpenTelemetry's HTTP clients, if it exports by HTTP.
    private static readonly string[] _exporters = ["OtlpTraceExporter", "OtlpMetricExporter", "OtlpLogExporter"];

    // Not all of ASP.NET Core's (AddAspNetCoreInstrumentation): routing, authorization and the like measure every request once more, and no
    // dashboard or alert asks for it.
    private static readonly string[] _serverMeters = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    // From 0.5 ms, which a local fan-out takes, to 10 s, the timeout of requests. Each is 2 to 2.5 times the one before, which is the largest
    // error of a quantile read from them.
    private static readonly double[] _secondsBuckets =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ProcessMetrics>();
        builder.Logging.FilterSecrets();
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        var telemetry = builder.Services.AddOpenTelemetry()
            // The environment (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES) comes second and wins.
            .ConfigureResource(resource => resource.AddService(builder.Environment.ApplicationName).AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddMeter(_serverMeters)
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(OwnNames)
                .AddView(Buckets)
                .AddView(Unwatched)
                .AddPrometheusExporter(PrometheusNames));

        builder.Services.AddOptions<TracingOptions>().BindConfiguration(TracingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        if (builder.Configuration.HasExporter())
        {
            // ASP.NET Core has read the trace's headers by then. OpenTelemetry's default, which adds baggage that nobody here uses, would have
            // the headers of every request read a second time.
            Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());

            // Without an exporter no spans are created: a source without a listener costs almost nothing.
            telemetry.WithTracing(tracing => tracing
                .AddSource(builder.Environment.ApplicationName, OwnNames)
                .Sample(builder)
                .AddAspNetCoreInstrumentation(requests =>
                {
                    requests.Filter = context => !UntracedPaths.Contains(context.Request.Path);
                    requests.EnrichWithHttpRequest = (activity, _) => activity.SetTag("url.query", null);
                })

                // Filtered by address and not by the parent span, because a sampler may ignore parents.
                .AddHttpClientInstrumentation(calls => calls.FilterHttpRequestMessage = call => !UntracedPaths.Contains(call.RequestUri)));
            telemetry.UseOtlpExporter();
            builder.Services.AddHostedService<FlushOnStop>();
            foreach (var exporter in _exporters)
            {
                // The exporter has its own retries. With the client's retries below them, one export took more than 20 s, which delayed a stop, and
                // each failed attempt was logged, to be exported again.
#pragma warning disable EXTEXP0001 // Its name may change; what it does is the documented way to leave single clients out.
                builder.Services.AddHttpClient(exporter).RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
            }
        }
    }

    /// <summary>Whether traces are exported from this service.</summary>
    public static bool HasExporter(this IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

    // A sampler set here would override OTEL_TRACES_SAMPLER, which OpenTelemetry reads itself.
    private static TracerProviderBuilder Sample(this TracerProviderBuilder tracing, IHostApplicationBuilder builder) =>
        !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_TRACES_SAMPLER"])
            ? tracing
            : tracing.SetSampler(services =>
            {
                var ratio = new TraceIdRatioBasedSampler(
                    services.GetRequiredService<IOptions<TracingOptions>>().Value.SampleRatio
                        ?? (builder.Environment.IsDevelopment() ? 1 : ProductionSampleRatio));

                // Browsers begin traces and leave it to us which of them are recorded. By the trace's id, so that every service of ours
                // decides alike.
                return new ParentBasedSampler(ratio, remoteParentNotSampled: ratio);
            });

    /// <summary>
    /// The query string of a socket's request may hold a token. ASP.NET Core writes it at Information when a request starts and ends,
    /// and Kestrel logs bad request lines at Debug. Both are filtered out, whatever level is configured for the categories above them.
    /// </summary>
    private static void FilterSecrets(this ILoggingBuilder logging) => logging
        .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)
        .AddFilter("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.Information);

    // Without the scope labels, a series has only the labels of its instrument.
    private static void PrometheusNames(PrometheusAspNetCoreOptions prometheus) => prometheus.ScopeInfoEnabled = false;

    // Of the same meters, and likewise written twice a request.
    private static MetricStreamConfiguration? Unwatched(Instrument instrument) =>
        instrument.Name is "http.server.active_requests" or "kestrel.queued_requests" ? MetricStreamConfiguration.Drop : null;

    private static ExplicitBucketHistogramConfiguration? Buckets(Instrument instrument) =>
        instrument is Histogram<double> { Unit: "s", Advice: null } && instrument.Meter.Name.StartsWith("ReplyX.", StringComparison.Ordinal)
            ? new ExplicitBucketHistogramConfiguration { Boundaries = _secondsBuckets }
            : null;
}
