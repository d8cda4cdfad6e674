using System.Runtime.InteropServices;

namespace ReplyX.Bench.Load;

/// <summary>
/// The calls of Linux that the load generator is made of. System.Net.Sockets would cost it a pool thread's wake-up for each delivery, on
/// cores that it shares with the server it measures.
/// </summary>
internal static unsafe partial class NativeMethods
{
    public const int Stream = 1;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int AddressFamilyInet = 2;

    public const int LevelSocket = 1;
    public const int OptionError = 4;
    public const int OptionLinger = 13;
    public const int LevelTcp = 6;
    public const int OptionNoDelay = 1;
    public const int LevelIp = 0;

    /// <summary>IP_BIND_ADDRESS_NO_PORT: the port is chosen at connect, and only has to be free towards that one destination.</summary>
    public const int OptionBindAddressNoPort = 24;

    public const int NoSignal = 0x4000;
    public const int InProgress = 115;
    public const int Again = 11;
    public const int Interrupted = 4;

    public const uint Readable = 0x1;
    public const uint Writable = 0x4;
    public const uint Failed = 0x8;
    public const uint HungUp = 0x10;
    public const int Add = 1;
    public const int Remove = 2;
    public const int Modify = 3;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int CreateSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int descriptor, byte* address, int length);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int descriptor, byte* address, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int descriptor, int level, int option, int* value, int length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(int descriptor, int level, int option, int* value, int* length);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int descriptor, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int descriptor, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int CreateEpoll(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int ControlEpoll(int epoll, int operation, int descriptor, byte* registration);

    /// <param name="epoll">The epoll's descriptor.</param>
    /// <param name="events">Where to write what is ready.</param>
    /// <param name="capacity">How many of them at most.</param>
    /// <param name="timeout">A timespec: seconds and nanoseconds. The milliseconds of epoll_wait are too coarse for arrivals.</param>
    /// <param name="signals">Null: the mask stays.</param>
    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    public static partial int WaitForEpoll(int epoll, byte* events, int capacity, long* timeout, void* signals);
}
