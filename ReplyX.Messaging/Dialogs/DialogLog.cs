using Microsoft.Extensions.Options;
using ReplyX.Messaging.Redis;

namespace ReplyX.Messaging.Dialogs;

/// <summary>
/// The log of every dialog and feed: the one place where events are written and the truth that sockets recover from.
/// All methods throw <see cref="MessagingUnavailableException"/> when Redis does not answer.
/// </summary>
public sealed partial class DialogLog
{
    private readonly RedisGateway _redis;
    private readonly TimeProvider _time;
    private readonly MessagingOptions _options;

    internal DialogLog(RedisGateway redis, TimeProvider time, IOptions<MessagingOptions> options)
    {
        _redis = redis;
        _time = time;
        _options = options.Value;
    }
}
