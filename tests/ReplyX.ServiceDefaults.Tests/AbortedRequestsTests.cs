using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ReplyX.Testing;

namespace ReplyX.ServiceDefaults.Tests;

/// <summary>Kestrel takes a client that hangs up for what it is; nothing of ours may turn that into an error in the log.</summary>
public sealed class AbortedRequestsTests
{
    [Theory]
    [InlineData("GET /waits HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("POST /reads HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf of")]
    public async Task A_client_that_hangs_up_is_no_error(string request)
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var service = await TestService.StartAsync(map: app =>
        {
            app.MapGet("/waits", async (HttpContext context) =>
            {
                entered.SetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            });
            app.MapPost("/reads", async (HttpContext context) =>
            {
                entered.SetResult();
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            });
        });

        using (var client = new TcpClient())
        {
            await client.ConnectAsync("127.0.0.1", service.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
            await entered.Task.Within("the request to arrive");
        }

        await service.Spans.WaitForAsync(span => span.Kind == ActivityKind.Server, TestTimeout.Token());
        Assert.DoesNotContain(service.Logs.All, line => line.Level >= LogLevel.Warning);
    }
}
