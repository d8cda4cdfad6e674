using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace ReplyX.Realtime.Transport;

/// <summary>The system calls of a loop that owns its sockets: epoll(7), and send and receive that never wait.</summary>
/// <remarks>
/// .NET's own sockets report readiness through one engine of the process and a hop to the thread pool; a loop that owns its
/// descriptors is told on its own thread (docs/adr/0013-delivery-loops.md).
/// </remarks>
[SupportedOSPlatform("linux")]
internal static unsafe partial class Epoll
{
    public const uint In = 0x001;
    public const uint Out = 0x004;
    public const uint Error = 0x008;
    public const uint HangUp = 0x010;
    public const uint PeerHangUp = 0x2000;
    public const uint EdgeTriggered = 1u << 31;

    public const int TryAgain = 11;
    public const int Interrupted = 4;
    public const int ConnectionAborted = 103;

    private const int Add = 1;
    private const int Delete = 2;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int Peek = 0x2;
    private const int DuplicateCloseOnExec = 1030;
    private const int SetFlags = 4;

    /// <summary>How long one event is: the kernel packs it on x86-64 alone.</summary>
    public static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    /// <summary>Where an event's data stands in it.</summary>
    public static readonly int DataOffset = EventSize - sizeof(ulong);

    public static int Create() => Checked(EpollCreate(CloseOnExec), "epoll_create1");

    /// <summary>A descriptor that becomes readable when something is written to it, so that another thread can wake the loop.</summary>
    public static int CreateWaker() => Checked(EventFd(0, CloseOnExec | NonBlocking), "eventfd");

    public static void Watch(int epoll, int descriptor, uint events, ulong data)
    {
        var entry = stackalloc byte[16];
        *(uint*)entry = events;
        Marshal.WriteInt64((nint)entry, DataOffset, (long)data);
        Checked(EpollControl(epoll, Add, descriptor, entry), "epoll_ctl");
    }

    /// <summary>Stops watching. A descriptor that is closed is forgotten by itself.</summary>
    public static void Forget(int epoll, int descriptor)
    {
        var entry = stackalloc byte[16];
        EpollControl(epoll, Delete, descriptor, entry);
    }

    /// <summary>Waits for events.</summary>
    /// <param name="epoll">What to wait on.</param>
    /// <param name="events">Takes them; a whole number of <see cref="EventSize"/>.</param>
    /// <param name="milliseconds">How long at most; -1 for ever.</param>
    /// <returns>How many there are.</returns>
    public static int Wait(int epoll, Span<byte> events, int milliseconds)
    {
        fixed (byte* pointer = events)
        {
            var count = EpollWait(epoll, pointer, events.Length / EventSize, milliseconds);
            return count >= 0 || Marshal.GetLastPInvokeError() == Interrupted ? Math.Max(count, 0) : Checked(count, "epoll_wait");
        }
    }

    /// <summary>Accepts a connection.</summary>
    /// <param name="listener">The listening descriptor.</param>
    /// <param name="address">Takes the other end's address.</param>
    /// <param name="length">How much of it there is.</param>
    /// <returns>The descriptor; negative if there is none.</returns>
    public static int Accept(int listener, Span<byte> address, out int length)
    {
        var size = address.Length;
        fixed (byte* pointer = address)
        {
            var descriptor = Accept4(listener, pointer, &size, CloseOnExec | NonBlocking);
            length = size;
            return descriptor;
        }
    }

    /// <summary>Another descriptor of the same socket, which does not block.</summary>
    public static int Duplicate(SafeHandle socket)
    {
        var descriptor = Checked(Control((int)socket.DangerousGetHandle(), DuplicateCloseOnExec, 0), "fcntl");
        Checked(Control(descriptor, SetFlags, NonBlocking), "fcntl");
        return descriptor;
    }

    /// <summary>Sends what fits.</summary>
    /// <returns>How many bytes were taken; negative, and why in <see cref="Marshal.GetLastPInvokeError"/>, if none.</returns>
    public static int Send(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* pointer = bytes)
        {
            return (int)SendBytes(descriptor, pointer, (nuint)bytes.Length, NoSignal | DontWait);
        }
    }

    /// <summary>Receives what is there.</summary>
    /// <param name="descriptor">From where.</param>
    /// <param name="buffer">Takes the bytes.</param>
    /// <param name="peek">Whether they stay to be received again.</param>
    /// <returns>How many; 0 at the end; negative, and why in <see cref="Marshal.GetLastPInvokeError"/>, if none are there.</returns>
    public static int Receive(int descriptor, Span<byte> buffer, bool peek = false)
    {
        fixed (byte* pointer = buffer)
        {
            return (int)ReceiveBytes(descriptor, pointer, (nuint)buffer.Length, DontWait | (peek ? Peek : 0));
        }
    }

    /// <summary>Wakes whoever waits for a waker.</summary>
    public static void Wake(int waker)
    {
        ulong one = 1;
        Write(waker, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Takes a waker's wakes.</summary>
    public static void Clear(int waker)
    {
        ulong count;
        Read(waker, (byte*)&count, sizeof(ulong));
    }

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Close(int descriptor);

    private static int Checked(int result, string call) => result >= 0
        ? result
        : throw new IOException($"{call} failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EpollControl(int epoll, int operation, int descriptor, byte* entry);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EpollWait(int epoll, byte* events, int count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Accept4(int listener, byte* address, int* length, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SendBytes(int descriptor, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ReceiveBytes(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Write(int descriptor, byte* bytes, nuint length);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(int descriptor, byte* buffer, nuint length);
}
