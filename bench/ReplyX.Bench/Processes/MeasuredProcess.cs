using System.Globalization;

namespace ReplyX.Bench.Processes;

/// <summary>What the operating system says of a server process and of those that it started.</summary>
/// <param name="Name">Its part in the peer: <c>realtime</c>, <c>api</c>, <c>redis</c>, <c>server</c>.</param>
/// <param name="ProcessId">The one that was started.</param>
internal sealed record MeasuredProcess(string Name, int ProcessId)
{
    // USER_HZ, which Linux shows to programs as 100 whatever the kernel counts in.
    private const double TicksPerSecond = 100;

    // Of /proc/<pid>/stat, counted from the state, which follows the name in brackets: utime and stime.
    private const int UserTimeField = 11;
    private const int SystemTimeField = 12;

    private readonly Lazy<IReadOnlyList<int>> _all = new(() => [ProcessId, .. Descendants(ProcessId)]);

    /// <summary>User and system time up to now.</summary>
    public double CpuSeconds => _all.Value.Sum(id => CpuSecondsOf(Read(id, "stat")));

    /// <summary>What lies in memory (VmRSS).</summary>
    public double ResidentKiB => _all.Value.Sum(id => Value(Read(id, "status"), "VmRSS:"));

    /// <summary>The CPU time of the load generator itself.</summary>
    public static double OwnCpuSeconds => CpuSecondsOf(File.ReadAllText("/proc/self/stat"));

    private static double CpuSecondsOf(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[UserTimeField], CultureInfo.InvariantCulture) + long.Parse(fields[SystemTimeField], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static double Value(string status, string name)
    {
        var line = status.Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
    }

    private static string Read(int id, string file) => File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/{file}"));

    private static IEnumerable<int> Descendants(int id)
    {
        foreach (var thread in Directory.GetDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/task")))
        {
            foreach (var child in File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var childId = int.Parse(child, CultureInfo.InvariantCulture);
                yield return childId;
                foreach (var further in Descendants(childId))
                {
                    yield return further;
                }
            }
        }
    }
}
