using System.Globalization;

namespace ReplyX.EmbeddedRedis;

/// <summary>Garnet's own command line for what the platform asks of Redis.</summary>
internal static class GarnetArguments
{
    public static string[] For(EmbeddedRedisOptions options) =>
    [
        "--port", options.Port.ToString(CultureInfo.InvariantCulture),
        "--bind", options.Bind.ToString(),
        "--checkpointdir", options.DataDirectory,
        "--recover",
        "--fail-on-recovery-error", "true",
        "-q",
        "--logger-level", "Error",

        // Without transaction mode concurrent scripts interleave (531 order inversions in 12,000 appends).
        "--lua",
        "--lua-transaction-mode",

        // An answer means that the write is in the append-only file: the like of appendfsync always.
        "--aof",
        "--aof-commit-wait",

        // Segments are what a checkpoint can delete: with Garnet's default of 1 GiB nothing would ever be freed.
        "--aof-segment-size", "64m",
        "--aof-size-limit", options.AofLimitMegabytes.ToString(CultureInfo.InvariantCulture) + "m",

        // The default device needs libaio, which a bare machine has not.
        "--device-type", "RandomAccess",

        // A session that waits for its commit holds its thread, and the commit needs one too: with the pool's two threads of a
        // two-core machine eight clients that append at once stood still for 5 s and more.
        "--minthreads", "256",
    ];
}
