using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ReplyX.ServiceDefaults.Tests;

public sealed class MetricsTests
{
    private const string Token = "a-token-for-scrapes-only";

    private static readonly Dictionary<string, string?> _withToken = new() { ["Metrics:Token"] = Token };

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/openmetrics-text;version=1.0.0,text/plain;q=0.5")]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4")]
    public async Task Series_have_the_names_and_labels_that_dashboards_ask_for(string accept)
    {
        await using var service = await TestService.StartAsync();
        using var meter = new Meter("ReplyX.Tests");
        meter.CreateUpDownCounter<long>("websocket_connections_total").Add(2, new KeyValuePair<string, object?>("type", "widget"));
        meter.CreateCounter<long>("websocket_messages_sent").Add(3, new KeyValuePair<string, object?>("type", "site"));
        meter.CreateCounter<long>("websocket_connection_errors_total").Add(1, new KeyValuePair<string, object?>("error_type", "auth"));
        meter.CreateHistogram<double>("replyx.delivery.latency", "s").Record(0.003);

        var text = await ScrapeAsync(service, accept);

        Assert.Contains("\nwebsocket_connections_total{type=\"widget\"} 2", text, StringComparison.Ordinal);
        Assert.Contains("\nwebsocket_messages_sent_total{type=\"site\"} 3", text, StringComparison.Ordinal);
        Assert.Contains("\nwebsocket_connection_errors_total{error_type=\"auth\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE websocket_connections_total gauge", text, StringComparison.Ordinal);
        Assert.Contains("\nreplyx_delivery_latency_seconds_bucket{le=\"0.0025\"} 0", text, StringComparison.Ordinal);
        Assert.Contains("\nreplyx_delivery_latency_seconds_bucket{le=\"0.005\"} 1", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer a-token-for-scrapes-onlx", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer a-token-for-scrapes-only-", HttpStatusCode.Unauthorized)]
    [InlineData("Basic a-token-for-scrapes-only", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer a-token-for-scrapes-only", HttpStatusCode.OK)]
    public async Task Scrapes_and_guarded_groups_ask_for_the_token(string? authorization, HttpStatusCode expected)
    {
        await using var service = await TestService.StartAsync(_withToken, map: app =>
        {
            var group = app.MapGroup("/internal").RequireMetricsToken();
            group.MapGet("/handler", () => "ok");
            group.Map("/delegate", context => context.Response.WriteAsync("ok"));
        });

        foreach (var path in new[] { "/metrics", "/internal/handler", "/internal/delegate" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }

            using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(expected, response.StatusCode);
            if (expected == HttpStatusCode.Unauthorized)
            {
                Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
                Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
            }
        }
    }

    [Theory]
    [InlineData("Production", null, "Metrics:Token is missing")]
    [InlineData("Staging", "", "Metrics:Token is missing")]
    [InlineData("Production", "short", "shorter than 16")]
    [InlineData("Development", "short", "shorter than 16")]
    public async Task A_service_that_would_be_open_does_not_start(string environment, string? token, string expected)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestService.StartAsync(new() { ["Metrics:Token"] = token }, environment: environment));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production", Token, null, Token, HttpStatusCode.Unauthorized)]
    [InlineData("Production", Token, "a-token-for-operations", Token, HttpStatusCode.Unauthorized)]
    [InlineData("Production", Token, "a-token-for-operations", "a-token-for-operations", HttpStatusCode.OK)]
    [InlineData("Development", Token, null, null, HttpStatusCode.Unauthorized)]
    [InlineData("Development", Token, null, Token, HttpStatusCode.Unauthorized)]
    [InlineData("Development", null, null, null, HttpStatusCode.OK)]
    public async Task Operations_ask_for_a_token_of_their_own(
        string environment, string? metrics, string? operations, string? given, HttpStatusCode expected)
    {
        await using var service = await TestService.StartAsync(
            new() { ["Metrics:Token"] = metrics, ["Operations:Token"] = operations },
            environment: environment,
            map: app => app.MapPost("/internal/drain", () => "ok").RequireOperationsToken());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/internal/drain");
        request.Headers.Authorization = given is null ? null : new AuthenticationHeaderValue("Bearer", given);

        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("short", "Operations:Token is shorter than 16")]
    [InlineData(Token, "Operations:Token is the same as Metrics:Token")]
    public async Task A_token_for_operations_is_long_and_not_the_one_for_scrapes(string token, string expected)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestService.StartAsync(new() { ["Metrics:Token"] = Token, ["Operations:Token"] = token }, environment: "Production"));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    private static async Task<string> ScrapeAsync(TestService service, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        foreach (var part in accept.Split(','))
        {
            request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(part));
        }

        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
