using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ReplyX.Testing;

namespace ReplyX.ServiceDefaults.Tests;

public sealed class AbortedRequestsTests
{
    [Fact]
    public async Task A_client_that_hangs_up_is_no_error()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var service = await TestService.StartAsync(map: app => app.MapGet("/slow", async (HttpContext context) =>
        {
            entered.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }));

        using (var client = new TcpClient())
        {
            await client.ConnectAsync("127.0.0.1", service.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"), TestContext.Current.CancellationToken);
            await entered.Task.Within("the request to arrive");
        }

        var span = await service.Spans.WaitForAsync(span => span.GetTagItem("url.path") is "/slow", TestTimeout.Token());
        Assert.Equal(499, span.GetTagItem("http.response.status_code"));
        Assert.DoesNotContain(service.Logs.All, line => line.Level >= LogLevel.Warning);
    }
}
