using System.Globalization;

namespace ReplyX.ServiceDefaults.Telemetry;

/// <summary>How much memory the system lets the process have before it ends it.</summary>
internal static class MemoryLimit
{
    // Of Linux' control groups, the second version and the first: what a container is limited by. The garbage collector knows them too,
    // but tells its own limit, which is three quarters of them.
    private static readonly string[] _files = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];

    private const string MachineMemory = "/proc/meminfo";

    /// <summary>The container's limit, where there is one below the machine's memory; else that.</summary>
    public static long Read()
    {
        var machine = ReadMachine();
        return _files.Select(TryRead).FirstOrDefault(limit => limit is not null) is { } container ? Math.Min(container, machine) : machine;
    }

    private static long ReadMachine()
    {
        const string Total = "MemTotal:";
        if (File.Exists(MachineMemory) && File.ReadLines(MachineMemory).FirstOrDefault(line => line.StartsWith(Total, StringComparison.Ordinal)) is { } line)
        {
            return long.Parse(line[Total.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
        }

        return GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    }

    // Without a limit the one file says "max", the other a number that no machine has.
    private static long? TryRead(string file)
    {
        try
        {
            return File.Exists(file) && long.TryParse(File.ReadAllText(file), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var bytes)
                && bytes < long.MaxValue / 2
                ? bytes
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
