using System.Net;
using System.Net.Sockets;

namespace ReplyX.Messaging.Tests.Redis;

/// <summary>
/// A way to Redis that can lose one answer and keep the connection: every later answer then comes one command too early, as from a
/// server that mixes its answers up.
/// </summary>
internal sealed class ReplyLosingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopped = new();
    private readonly int _server;
    private readonly Task _accepting;
    private TaskCompletionSource? _losing;

    public ReplyLosingProxy(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string ConnectionString => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Loses what the server says next. Completes when it is lost.</summary>
    public Task LoseNext()
    {
        _losing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _losing.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> pumps = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stopped.Token);
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await server.ConnectAsync(IPAddress.Loopback, _server, _stopped.Token);
                pumps.Add(PumpAsync(client, server, fromServer: false));
                pumps.Add(PumpAsync(server, client, fromServer: true));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(pumps);
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool fromServer)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stopped.Token) is > 0 and var read)
            {
                // One command is under way when a test asks for this, so that what arrives is its whole answer.
                if (fromServer && Interlocked.Exchange(ref _losing, null) is { } losing)
                {
                    losing.SetResult();
                    continue;
                }

                for (var sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _stopped.Token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test, or of one side.
        }

        from.Dispose();
        to.Dispose();
    }
}
