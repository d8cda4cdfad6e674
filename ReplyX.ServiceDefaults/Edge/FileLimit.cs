using System.Runtime.InteropServices;

namespace ReplyX.ServiceDefaults.Edge;

/// <summary>How many files, sockets among them, the system lets this process have open.</summary>
internal static class FileLimit
{
    // RLIMIT_NOFILE, by its number on this system.
    private static int Resource => OperatingSystem.IsMacOS() ? 8 : 7;

    /// <summary>The limit; null where there is none for a process, as on Windows, or it cannot be read. The runtime has raised it as far as it may.</summary>
    public static long? Read()
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            return null;
        }

        // RLIM_INFINITY is the greatest number there is.
        return GetLimit(Resource, out var limit) == 0 && limit.Current <= int.MaxValue ? (long)limit.Current : null;
    }

    [DllImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetLimit(int resource, out ResourceLimit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public nuint Current;
        public nuint Most;
    }
}
