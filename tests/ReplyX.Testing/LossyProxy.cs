using System.Net;
using System.Net.Sockets;

namespace ReplyX.Testing;

/// <summary>
/// A TCP proxy that goes wrong at a chosen moment: when the bytes of a request, or those of its answer, hold a marker. It goes wrong
/// once and then serves well; only <see cref="HoldRequests"/> and <see cref="Isolate"/> last.
/// </summary>
public sealed class LossyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly Func<AddressChange>? _change;
    private readonly Task _accepting;
    private Fault? _beforeRequest;
    private Fault? _insteadOfAnswer;
    private Stall? _stall;
    private Task _isolated = Task.CompletedTask;

    /// <summary>Begins to serve.</summary>
    /// <param name="target">The port that it leads to.</param>
    /// <param name="change">Makes, for each connection, what changes addresses in the answers; null for none.</param>
    public LossyProxy(int target, Func<AddressChange>? change = null)
    {
        (_target, _change) = (target, change);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>
    /// Holds the request with the marker until <paramref name="act"/> is done, and then lets it go on. Where a marker has a <c>*</c>,
    /// anything may stand.
    /// </summary>
    public void BeforeRequest(string marker, Func<Task> act) => _beforeRequest = new Fault(marker, act);

    /// <summary>Passes on what comes before the marker in the request that has it, then cuts: the server does the one half and never hears of the other.</summary>
    public void CutBefore(string marker, Func<Task> act) => _beforeRequest = new Fault(marker, act, IsCutAtMarker: true);

    /// <summary>
    /// Holds every request with the marker, and what comes behind it on its connection, until <paramref name="end"/>. Answers pass.
    /// An empty marker holds all.
    /// </summary>
    public void HoldRequests(string marker, Task end) => _stall = new Stall(marker, end);

    /// <summary>
    /// Holds all bytes both ways, those of new connections too, until <paramref name="end"/>: a network that is cut, and whose TCP goes on
    /// where it was when it is whole again.
    /// </summary>
    public void Isolate(Task end) => Volatile.Write(ref _isolated, end);

    /// <summary>Holds the answer with the marker until <paramref name="act"/> is done, passes its first bytes on, swallows the rest and cuts.</summary>
    public void InsteadOfAnswer(string marker, Func<Task> act, int passing = 0) => _insteadOfAnswer = new Fault(marker, act, passing);

    /// <summary>
    /// Swallows the next answer and keeps the connection: where answers carry no number, every later one then comes one command too
    /// early. Completes when it is swallowed.
    /// </summary>
    public Task LoseNextAnswer()
    {
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _insteadOfAnswer = new Fault(
            "",
            () =>
            {
                lost.SetResult();
                return Task.CompletedTask;
            },
            Cuts: false);
        return lost.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                client.NoDelay = server.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, _target, cut.Token);
                var (near, far) = (client.GetStream(), server.GetStream());
                var up = PumpAsync(near, far, () => Interlocked.Exchange(ref _beforeRequest, null), () => _beforeRequest, isAnswer: false, cut);
                var down = PumpAsync(far, near, () => Interlocked.Exchange(ref _insteadOfAnswer, null), () => _insteadOfAnswer, isAnswer: true, cut);
                await Task.WhenAll(up, down);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // Either side left: the other is cut by the disposal.
            }
        }
    }

    // Markers are short and whole in one read, of requests and answers that are as short; a split one would fail the test, not pass it.
    private async Task PumpAsync(
        NetworkStream from, NetworkStream to, Func<Fault?> take, Func<Fault?> peek, bool isAnswer, CancellationTokenSource cut)
    {
        var buffer = new byte[64 * 1024];
        var change = isAnswer ? _change?.Invoke() : null;
        try
        {
            while (await from.ReadAsync(buffer, cut.Token) is > 0 and var read)
            {
                await Volatile.Read(ref _isolated).WaitAsync(cut.Token);
                var chunk = change?.Apply(buffer.AsSpan(0, read)) ?? buffer.AsMemory(0, read);
                if (!isAnswer && _stall is { } stall && stall.IsIn(chunk.Span))
                {
                    await stall.End.WaitAsync(cut.Token);
                }

                if (peek()?.IsIn(chunk.Span) == true && take() is { } fault)
                {
                    if (fault.IsCutAtMarker)
                    {
                        await to.WriteAsync(chunk[..chunk.Span.IndexOf(System.Text.Encoding.ASCII.GetBytes(fault.Marker))], cut.Token);
                        await fault.Act();
                        return;
                    }

                    await fault.Act();
                    if (isAnswer && !fault.Cuts)
                    {
                        continue;
                    }

                    if (isAnswer)
                    {
                        await to.WriteAsync(chunk[..Math.Min(chunk.Length, fault.Passing)], cut.Token);
                        return;
                    }
                }

                await to.WriteAsync(chunk, cut.Token);
            }
        }
        finally
        {
            await cut.CancelAsync();
        }
    }

    private sealed record Fault(string Marker, Func<Task> Act, int Passing = 0, bool Cuts = true, bool IsCutAtMarker = false)
    {
        public bool IsIn(ReadOnlySpan<byte> chunk) => Contains(chunk, Marker);
    }

    private sealed record Stall(string Marker, Task End)
    {
        public bool IsIn(ReadOnlySpan<byte> chunk) => !End.IsCompleted && Contains(chunk, Marker);
    }

    private static bool Contains(ReadOnlySpan<byte> chunk, string marker)
    {
        foreach (var part in marker.Split('*'))
        {
            var at = chunk.IndexOf(System.Text.Encoding.ASCII.GetBytes(part));
            if (at < 0)
            {
                return false;
            }

            chunk = chunk[(at + part.Length)..];
        }

        return true;
    }
}
