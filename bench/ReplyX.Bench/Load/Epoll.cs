using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ReplyX.Bench.Load;

/// <summary>Which descriptors are ready, level-triggered.</summary>
internal sealed unsafe class Epoll : IDisposable
{
    private const int Capacity = 512;

    // struct epoll_event is packed on x64 and nowhere else.
    private static readonly int _stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int _dataOffset = _stride - 8;

    private readonly int _descriptor;
    private readonly byte* _events = (byte*)NativeMemory.AllocZeroed((nuint)(Capacity * _stride));

    public Epoll()
    {
        _descriptor = NativeMethods.CreateEpoll(NativeMethods.CloseOnExec);
        if (_descriptor < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "epoll_create1");
        }
    }

    public void Add(int descriptor, uint interest) => Control(NativeMethods.Add, descriptor, interest);

    public void Modify(int descriptor, uint interest) => Control(NativeMethods.Modify, descriptor, interest);

    public void Remove(int descriptor) => Control(NativeMethods.Remove, descriptor, 0);

    /// <summary>Waits until a descriptor is ready or the time is up.</summary>
    /// <returns>How many are ready; each is read by <see cref="Ready"/>.</returns>
    public int Wait(TimeSpan atMost)
    {
        var wait = atMost > TimeSpan.Zero ? atMost : TimeSpan.Zero;
        var timeout = stackalloc long[2] { wait.Ticks / TimeSpan.TicksPerSecond, wait.Ticks % TimeSpan.TicksPerSecond * 100 };
        var count = NativeMethods.WaitForEpoll(_descriptor, _events, Capacity, timeout, null);
        if (count < 0 && Marshal.GetLastPInvokeError() != NativeMethods.Interrupted)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "epoll_pwait2");
        }

        return Math.Max(0, count);
    }

    public (int Descriptor, uint Events) Ready(int index)
    {
        var at = _events + (index * _stride);
        return (*(int*)(at + _dataOffset), *(uint*)at);
    }

    public void Dispose()
    {
        _ = NativeMethods.Close(_descriptor);
        NativeMemory.Free(_events);
    }

    private void Control(int operation, int descriptor, uint interest)
    {
        var registration = stackalloc byte[16];
        new Span<byte>(registration, 16).Clear();
        *(uint*)registration = interest;
        *(int*)(registration + _dataOffset) = descriptor;
        if (NativeMethods.ControlEpoll(_descriptor, operation, descriptor, registration) < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "epoll_ctl");
        }
    }
}
