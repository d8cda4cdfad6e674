using Microsoft.Extensions.Hosting;

namespace ReplyX.ServiceDefaults.Edge;

/// <summary>How many connections this process accepts: the number of files that it may open, less those that it needs itself.</summary>
public sealed class ConnectionPlaces
{
    // Measured: a busy realtime node has 292 files open besides its connections, 266 of them assemblies, which are loaded when first
    // used. A process with none left ends with "Out of memory", so some are kept for reconnects to Redis and for a rotated log file.
    internal const int ReservedFiles = 352;

    // If the system sets no limit.
    private const int Unlimited = 65_536;
    private const double DefaultShare = 0.1;

    // A page needs a few connections beside its socket, however small the share is.
    private const int LeastPerAddress = 8;

    internal ConnectionPlaces(ConnectionOptions options, IHostEnvironment environment)
    {
        Files = FileLimit.Read();
        Total = options.Max ?? (int)(Files - ReservedFiles ?? Unlimited);
        var share = options.AddressShare ?? (environment.IsDevelopment() ? 1 : DefaultShare);
        PerAddress = Math.Clamp((int)(Total * share), Math.Min(LeastPerAddress, Total), Total);
    }

    /// <summary>The most files that the process may have open; null where the system sets no limit.</summary>
    public long? Files { get; }

    /// <summary>The most connections at once.</summary>
    public int Total { get; }

    /// <summary>The most of them from one address.</summary>
    public int PerAddress { get; }
}
