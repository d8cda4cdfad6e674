namespace ReplyX.Messaging.Archive;

/// <summary>Where new segments are stored.</summary>
public enum ArchiveStore
{
    /// <summary>In Redis.</summary>
    Redis,

    /// <summary>In files under <see cref="ArchiveOptions.Directory"/>.</summary>
    Files,
}
