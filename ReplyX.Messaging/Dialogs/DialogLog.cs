using Microsoft.Extensions.Options;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Projection;
using ReplyX.Messaging.Redis;

namespace ReplyX.Messaging.Dialogs;

/// <summary>
/// The log of every dialog and feed: the one place where events are written and the truth that sockets recover from.
/// What a dialog's log has given up to the archive is read through here, too, as if it still stood in the log.
/// All methods throw <see cref="MessagingUnavailableException"/> when Redis does not answer, and those that read
/// <see cref="ArchiveDamagedException"/> when archived events that should be there are not.
/// </summary>
public sealed partial class DialogLog
{
    private readonly RedisGateway _redis;
    private readonly LogReader _reader;
    private readonly ArchiveQueue _archiving;
    private readonly AssistantWork _assistants;
    private readonly ProjectionQueue _projection;
    private readonly AppendMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly MessagingOptions _options;
    private readonly KeyBuckets _keys;
    private readonly DateTimeOffset _startedAt;

    internal DialogLog(
        RedisGateway redis,
        LogReader reader,
        ArchiveQueue archiving,
        AssistantWork assistants,
        ProjectionQueue projection,
        AppendMetrics metrics,
        TimeProvider time,
        IOptions<MessagingOptions> options)
    {
        _redis = redis;
        _reader = reader;
        _archiving = archiving;
        _assistants = assistants;
        _projection = projection;
        _metrics = metrics;
        _time = time;
        _options = options.Value;
        _keys = new KeyBuckets(_options.KeyLifetime);
        _startedAt = time.GetUtcNow();
    }
}
