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

    /// <summary>
    /// Waits until no thread of a process that got <see cref="Stop"/> runs any more: the signal is sent before they all have seen it,
    /// and one that has not may still answer a request. Where threads cannot be looked at, it returns at once.
    /// </summary>
    public static async Task WaitUntilStoppedAsync(this Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        while (OperatingSystem.IsLinux() && Directory.EnumerateDirectories($"/proc/{process.Id}/task").Any(IsRunning))
        {
            await Task.Delay(1, TestTimeout.Token());
        }
    }

    // The state follows the name, which is in parentheses and may hold any character: proc(5).
    private static bool IsRunning(string thread)
    {
        try
        {
            var line = File.ReadAllText(Path.Combine(thread, "stat"));
            return line[line.LastIndexOf(')') + 2] is not ('T' or 't' or 'Z' or 'X');
        }
        catch (IOException)
        {
            // The thread ended meanwhile.
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int pid, int signal);
}
