using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StackExchange.Redis;

namespace ReplyX.Messaging.Redis.Replication;

/// <summary>
/// One connection to the server that takes writes. What is written on it and the WAIT for that go in one piece, and are answered by the
/// same connection or not at all: on a new one WAIT would know nothing of the writes of the one before and return at once.
/// </summary>
internal sealed class ReplicatedConnection : IAsyncDisposable
{
    private const string UnknownScript = "NOSCRIPT";

    private readonly ArrayBufferWriter<byte> _commands = new(16 * 1024);
    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly RespReader _replies;

    private ReplicatedConnection(Socket socket, Stream stream)
    {
        _socket = socket;
        _stream = stream;
        _replies = new RespReader(stream);
    }

    /// <summary>Whether the server has closed it while nothing was asked.</summary>
    public bool IsClosed => _socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Connects and signs in.</summary>
    /// <exception cref="RedisServerException">The server refuses.</exception>
    public static async Task<ReplicatedConnection> OpenAsync(RedisPrimary primary, EndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = RedisPrimary.CreateSocket(endpoint);
        try
        {
            await socket.ConnectAsync(RedisPrimary.Complete(endpoint), cancellationToken);
            var stream = primary.IsEncrypted
                ? await primary.EncryptAsync(socket, endpoint, cancellationToken)
                : new NetworkStream(socket, ownsSocket: true);
            var connection = new ReplicatedConnection(socket, stream);
            await connection.SignInAsync(primary, cancellationToken);
            return connection;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Executes scripts, and waits until replicas have what they wrote.</summary>
    /// <param name="writes">The scripts; each is completed, unless this throws.</param>
    /// <param name="wait">How it is waited.</param>
    /// <param name="cancellationToken">Gives up, and with it the connection.</param>
    /// <returns>What Redis said of the wait.</returns>
    public async Task<RespReply> RunAsync(IReadOnlyList<ReplicatedWrite> writes, ReplicaWait wait, CancellationToken cancellationToken)
    {
        var (said, waited) = await RunAsync(writes, wait, byText: false, cancellationToken);
        List<ReplicatedWrite> unknown = [];
        for (var i = 0; i < writes.Count; i++)
        {
            if (said[i].Error?.StartsWith(UnknownScript, StringComparison.Ordinal) == true)
            {
                unknown.Add(writes[i]);
            }
            else
            {
                writes[i].Complete(new ReplicatedReply(said[i], wait.IsEnough(waited)));
            }
        }

        if (unknown.Count > 0)
        {
            // Nothing was done of these. Told the text, Redis keeps it.
            (said, waited) = await RunAsync(unknown, wait, byText: true, cancellationToken);
            for (var i = 0; i < unknown.Count; i++)
            {
                unknown[i].Complete(new ReplicatedReply(said[i], wait.IsEnough(waited)));
            }
        }

        return waited;
    }

    public async ValueTask DisposeAsync()
    {
        await _replies.DisposeAsync();
        await _stream.DisposeAsync();
    }

    private async Task<(RespReply[] Said, RespReply Waited)> RunAsync(
        IReadOnlyList<ReplicatedWrite> writes, ReplicaWait wait, bool byText, CancellationToken cancellationToken)
    {
        foreach (var write in writes)
        {
            write.WriteTo(_commands, byText);
        }

        wait.WriteTo(_commands);
        await SendAsync(cancellationToken);
        var said = new RespReply[writes.Count];
        for (var i = 0; i < said.Length; i++)
        {
            said[i] = await _replies.ReadAsync(cancellationToken);
        }

        var published = await _replies.ReadAsync(cancellationToken);
        var waited = await _replies.ReadAsync(cancellationToken);
        return (said, published.Error is null ? waited : published);
    }

    private async Task SignInAsync(RedisPrimary primary, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(primary.Password))
        {
            string[] auth = string.IsNullOrEmpty(primary.User) ? ["AUTH", primary.Password] : ["AUTH", primary.User, primary.Password];
            await AskAsync(auth, cancellationToken);
        }

        if (primary.Database != 0)
        {
            await AskAsync(["SELECT", primary.Database.ToString(CultureInfo.InvariantCulture)], cancellationToken);
        }
    }

    private async Task AskAsync(string[] command, CancellationToken cancellationToken)
    {
        _commands.WriteCommand(command.Length);
        foreach (var part in command)
        {
            _commands.WritePart(Encoding.UTF8.GetBytes(part));
        }

        await SendAsync(cancellationToken);
        if ((await _replies.ReadAsync(cancellationToken)).Error is { } error)
        {
            throw new RedisServerException(error);
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(_commands.WrittenMemory, cancellationToken);
        _commands.ResetWrittenCount();
    }
}
