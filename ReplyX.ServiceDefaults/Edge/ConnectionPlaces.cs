using Microsoft.Extensions.Hosting;

namespace ReplyX.ServiceDefaults.Edge;

/// <summary>How many connections this process takes: as many as it may have files open, less what it needs for itself.</summary>
public sealed class ConnectionPlaces
{
    // A realtime node that serves has 292 files open, 266 of them its assemblies, which load as they are needed. A process that
    // finds none left ends with "Out of memory", so there is room for Redis to reconnect and for a log that is rotated.
    internal const int ReservedFiles = 352;

    // Where the system sets no limit.
    private const int Unlimited = 65_536;
    private const double DefaultShare = 0.1;

    // A page opens a few connections beside its socket, however small the share.
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
