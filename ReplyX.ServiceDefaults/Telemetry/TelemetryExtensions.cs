using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ReplyX.ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    private const string OwnNames = "ReplyX.*";
    private const double ProductionSampleRatio = 0.1;

    // The names under which OpenTelemetry asks the factory for its clients, where it exports by HTTP.
    private static readonly string[] _exporters = ["OtlpTraceExporter", "OtlpMetricExporter", "OtlpLogExporter"];

    // From half a millisecond, which a local fan-out takes, to the 10 s after which a request is given up; about 2 to 2.5 apart, so that a
    // quantile read off them is never wrong by more than that.
    private static readonly double[] _secondsBuckets =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Logging.KeepSecretsOut();
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        var telemetry = builder.Services.AddOpenTelemetry()
            // The environment (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES) comes second and wins.
            .ConfigureResource(resource => resource.AddService(builder.Environment.ApplicationName).AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(OwnNames)
                .AddView(Buckets)
                .AddPrometheusExporter(PrometheusNames));

        builder.Services.AddOptions<TracingOptions>().BindConfiguration(TracingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        if (builder.Configuration.HasExporter())
        {
            // Spans that nobody gets are not made: with no listener to a source, starting one costs a look at a field.
            telemetry.WithTracing(tracing => tracing
                .AddSource(builder.Environment.ApplicationName, OwnNames)
                .Sample(builder)
                .AddAspNetCoreInstrumentation(requests =>
                {
                    requests.Filter = context => !QuietPaths.Contains(context.Request.Path);
                    requests.EnrichWithHttpRequest = (activity, _) => activity.SetTag("url.query", null);
                })

                // By its address, not by the request that it is made for: the sampler may be one that asks no parent.
                .AddHttpClientInstrumentation(calls => calls.FilterHttpRequestMessage = call => !QuietPaths.Contains(call.RequestUri)));
            telemetry.UseOtlpExporter();
            builder.Services.AddHostedService<FlushOnStop>();
            foreach (var exporter in _exporters)
            {
                // It retries by itself, if told to. Retries beneath it made one export take 20 s and more, which a stop waited for, and
                // wrote a dead collector's every attempt into the log that was to be exported.
#pragma warning disable EXTEXP0001 // Its name may change; what it does is the documented way to leave single clients out.
                builder.Services.AddHttpClient(exporter).RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
            }
        }
    }

    /// <summary>Whether traces leave this service, so that they are worth making.</summary>
    public static bool HasExporter(this IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

    // A sampler set here would silence OTEL_TRACES_SAMPLER, which OpenTelemetry reads itself.
    private static TracerProviderBuilder Sample(this TracerProviderBuilder tracing, IHostApplicationBuilder builder) =>
        !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_TRACES_SAMPLER"])
            ? tracing
            : tracing.SetSampler(services => new ParentBasedSampler(new TraceIdRatioBasedSampler(
                services.GetRequiredService<IOptions<TracingOptions>>().Value.SampleRatio
                    ?? (builder.Environment.IsDevelopment() ? 1 : ProductionSampleRatio))));

    /// <summary>
    /// The query string of a socket's request may hold a token. ASP.NET Core writes it at Information when a request starts and ends,
    /// and Kestrel quotes bad request lines at Debug: neither is let through, whatever level is configured for the categories above them.
    /// </summary>
    private static void KeepSecretsOut(this ILoggingBuilder logging) => logging
        .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)
        .AddFilter("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.Information);

    // Without the scope labels a series has the labels that its instrument was given, and no others.
    private static void PrometheusNames(PrometheusAspNetCoreOptions prometheus) => prometheus.ScopeInfoEnabled = false;

    private static ExplicitBucketHistogramConfiguration? Buckets(Instrument instrument) =>
        instrument is Histogram<double> { Unit: "s", Advice: null } && instrument.Meter.Name.StartsWith("ReplyX.", StringComparison.Ordinal)
            ? new ExplicitBucketHistogramConfiguration { Boundaries = _secondsBuckets }
            : null;
}
