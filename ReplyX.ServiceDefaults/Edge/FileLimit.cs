using System.Runtime.InteropServices;

namespace ReplyX.ServiceDefaults.Edge;

/// <summary>How many files, including sockets, the system allows this process to open.</summary>
internal static class FileLimit
{
    // The number of RLIMIT_NOFILE on this system.
    private static int Resource => OperatingSystem.IsMacOS() ? 8 : 7;

    /// <summary>The limit, which the runtime has raised as far as possible; null if there is none, as on Windows, or it cannot be read.</summary>
    public static long? Read()
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            return null;
        }

        // RLIM_INFINITY is the largest number of its type.
        return GetLimit(Resource, out var limit) == 0 && limit.Current <= int.MaxValue ? (long)limit.Current : null;
    }

    [DllImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetLimit(int resource, out ResourceLimit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public nuint Current;
        public nuint Maximum;
    }
}
