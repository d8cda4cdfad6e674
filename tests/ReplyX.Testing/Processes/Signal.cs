using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ReplyX.Testing;

/// <summary>The signals that tests send, by their numbers on this system.</summary>
public static class Signal
{
    public static int Terminate => 15;

    public static int Kill => 9;

    public static int Stop => OperatingSystem.IsMacOS() ? 17 : 19;

    public static int Continue => OperatingSystem.IsMacOS() ? 19 : 18;

    public static void Send(this Process process, int signal)
    {
        ArgumentNullException.ThrowIfNull(process);
        if (SendSignal(process.Id, signal) != 0 && !process.HasExited)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"signal {signal} to process {process.Id}");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int pid, int signal);
}
