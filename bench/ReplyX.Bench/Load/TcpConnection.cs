using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ReplyX.Bench.Load;

/// <summary>A connection to a server on this machine, from one of several source addresses.</summary>
internal abstract unsafe class TcpConnection
{
    private const int SourceAddresses = 32;
    private const int FirstSource = 10;

    private static int _nextSource;

    private readonly int _descriptor;
    private byte[] _unread = [];
    private int _unreadLength;
    private byte[] _unsent = [];
    private int _unsentStart;
    private int _unsentLength;
    private bool _isConnected;

    /// <summary>Begins to connect.</summary>
    protected TcpConnection(LoadLoop loop, int port)
    {
        Loop = loop;
        Port = port;
        _descriptor = NativeMethods.CreateSocket(
            NativeMethods.AddressFamilyInet, NativeMethods.Stream | NativeMethods.NonBlocking | NativeMethods.CloseOnExec, 0);
        Check(_descriptor, "socket");
        var one = 1;
        Check(NativeMethods.SetOption(_descriptor, NativeMethods.LevelTcp, NativeMethods.OptionNoDelay, &one, sizeof(int)), "setsockopt");
        Check(NativeMethods.SetOption(_descriptor, NativeMethods.LevelIp, NativeMethods.OptionBindAddressNoPort, &one, sizeof(int)), "setsockopt");
        var address = stackalloc byte[16];
        Fill(address, 0, (byte)(FirstSource + (_nextSource++ % SourceAddresses)));
        Check(NativeMethods.Bind(_descriptor, address, 16), "bind");
        Fill(address, port, 1);
        if (NativeMethods.Connect(_descriptor, address, 16) < 0 && Marshal.GetLastPInvokeError() != NativeMethods.InProgress)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "connect");
        }

        loop.Register(this, _descriptor, NativeMethods.Writable);
    }

    public bool IsClosed { get; private set; }

    protected LoadLoop Loop { get; }

    protected int Port { get; }

    /// <summary>Serves what the loop found.</summary>
    public void OnReady(uint events)
    {
        if (!_isConnected)
        {
            CompleteConnect();
            return;
        }

        if ((events & NativeMethods.Writable) != 0)
        {
            SendUnsent();
        }

        if ((events & (NativeMethods.Readable | NativeMethods.Failed | NativeMethods.HungUp)) != 0 && !IsClosed)
        {
            Receive();
        }
    }

    /// <summary>Sends, or keeps what the system does not take yet.</summary>
    public void Send(ReadOnlySpan<byte> data)
    {
        if (IsClosed)
        {
            return;
        }

        var sent = _unsentLength > 0 ? 0 : Write(data);
        if (sent < data.Length)
        {
            KeepUnsent(data[sent..]);
        }
    }

    /// <summary>Resets it: a benchmark that left its ports in TIME_WAIT would run out of them.</summary>
    public void Close()
    {
        if (IsClosed)
        {
            return;
        }

        IsClosed = true;
        Loop.Unregister(_descriptor);
        var linger = stackalloc int[2] { 1, 0 };
        _ = NativeMethods.SetOption(_descriptor, NativeMethods.LevelSocket, NativeMethods.OptionLinger, linger, 2 * sizeof(int));
        _ = NativeMethods.Close(_descriptor);
    }

    protected abstract void OnConnected();

    /// <summary>Takes what came.</summary>
    /// <returns>How much of it is done with; the rest comes again, with more behind it.</returns>
    protected abstract int OnReceived(ReadOnlySpan<byte> data);

    /// <summary>The server closed, or the connection broke. It is closed already.</summary>
    protected abstract void OnEnded(string reason);

    private static void Fill(byte* address, int port, byte lastOctet)
    {
        new Span<byte>(address, 16).Clear();
        *(ushort*)address = NativeMethods.AddressFamilyInet;
        address[2] = (byte)(port >> 8);
        address[3] = (byte)port;
        address[4] = 127;
        address[7] = lastOctet;
    }

    private static void Check(int result, string call)
    {
        if (result < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), call);
        }
    }

    private void CompleteConnect()
    {
        int error;
        var length = sizeof(int);
        Check(NativeMethods.GetOption(_descriptor, NativeMethods.LevelSocket, NativeMethods.OptionError, &error, &length), "getsockopt");
        if (error != 0)
        {
            End($"connect: {new Win32Exception(error).Message}");
            return;
        }

        _isConnected = true;
        Loop.ChangeInterest(_descriptor, NativeMethods.Readable);
        OnConnected();
    }

    private void Receive()
    {
        var buffer = Loop.ReceiveBuffer;
        _unread.AsSpan(0, _unreadLength).CopyTo(buffer);
        nint received;
        fixed (byte* start = buffer)
        {
            received = NativeMethods.Receive(_descriptor, start + _unreadLength, buffer.Length - _unreadLength, 0);
        }

        if (received <= 0)
        {
            var error = received < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (error != NativeMethods.Again)
            {
                End(received == 0 ? "closed by the server" : new Win32Exception(error).Message);
            }

            return;
        }

        var data = buffer.AsSpan(0, _unreadLength + (int)received);
        var rest = data[OnReceived(data)..];
        if (IsClosed)
        {
            return;
        }

        if (rest.Length > _unread.Length)
        {
            _unread = new byte[rest.Length * 2];
        }

        rest.CopyTo(_unread);
        _unreadLength = rest.Length;
    }

    private int Write(ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            var sent = NativeMethods.Send(_descriptor, start, data.Length, NativeMethods.NoSignal);
            if (sent < 0 && Marshal.GetLastPInvokeError() is var error && error != NativeMethods.Again)
            {
                End(new Win32Exception(error).Message);
                return data.Length;
            }

            return Math.Max(0, (int)sent);
        }
    }

    private void KeepUnsent(ReadOnlySpan<byte> data)
    {
        if (_unsentLength == 0)
        {
            _unsentStart = 0;
            Loop.ChangeInterest(_descriptor, NativeMethods.Readable | NativeMethods.Writable);
        }

        var end = _unsentStart + _unsentLength;
        if (_unsent.Length < end + data.Length)
        {
            Array.Resize(ref _unsent, Math.Max(end + data.Length, _unsent.Length * 2));
        }

        data.CopyTo(_unsent.AsSpan(end));
        _unsentLength += data.Length;
    }

    private void SendUnsent()
    {
        var sent = Write(_unsent.AsSpan(_unsentStart, _unsentLength));
        _unsentStart += sent;
        _unsentLength -= sent;
        if (_unsentLength == 0 && !IsClosed)
        {
            Loop.ChangeInterest(_descriptor, NativeMethods.Readable);
        }
    }

    private void End(string reason)
    {
        Close();
        OnEnded(reason);
    }
}
