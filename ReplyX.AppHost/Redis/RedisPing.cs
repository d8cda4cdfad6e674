using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ReplyX.AppHost.Redis;

/// <summary>Sends one PING. While Redis loads its data it answers <c>-LOADING</c>, and is not healthy.</summary>
internal sealed class RedisPing(IResourceWithConnectionString resource) : IHealthCheck
{
    private static readonly byte[] _ping = "*1\r\n$4\r\nPING\r\n"u8.ToArray();

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var address = await resource.GetConnectionStringAsync(cancellationToken).ConfigureAwait(false) ?? "";
        var colon = address.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(address[(colon + 1)..], out var port))
        {
            return HealthCheckResult.Unhealthy("no address yet");
        }

        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(address[..colon], port, cancellationToken).ConfigureAwait(false);
            var stream = socket.GetStream();
            await stream.WriteAsync(_ping, cancellationToken).ConfigureAwait(false);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            var answer = await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);
            return answer == "+PONG" ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(answer ?? "closed without an answer");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return HealthCheckResult.Unhealthy(e.Message);
        }
    }
}
