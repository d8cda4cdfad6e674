using Microsoft.Extensions.Options;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Realtime;

/// <summary>Finds options that are each in their range and cannot work together.</summary>
internal sealed class RealtimeOptionsValidator(IOptions<MessagingOptions> messaging, IOptions<TokenOptions> tokens)
    : IValidateOptions<RealtimeOptions>
{
    // A heartbeat may come late by a fifth of its interval: its way, a page that is asleep, and the second between two sweeps.
    private const double SilencePerHeartbeat = 1.2;

    // What a message or an event has beside its text: names, numbers, a client_id of 64 bytes.
    private const int AroundText = 2_048;

    public ValidateOptionsResult Validate(string? name, RealtimeOptions options)
    {
        List<string> wrong = [];
        if (options.SilenceTimeout < options.HeartbeatInterval * SilencePerHeartbeat)
        {
            wrong.Add($"Realtime:SilenceTimeout ({options.SilenceTimeout}) must be at least {SilencePerHeartbeat} times Realtime:HeartbeatInterval ({options.HeartbeatInterval}), or sockets whose heartbeats come in time are closed for silence.");
        }

        var largest = messaging.Value.MaxTextBytes + AroundText;
        if (options.MaxMessageBytes < largest)
        {
            wrong.Add($"Realtime:MaxMessageBytes ({options.MaxMessageBytes}) must be at least {largest}, or a text as long as Messaging:MaxTextLength allows ({messaging.Value.MaxTextLength}) cannot be sent on a socket.");
        }

        if (options.MaxQueuedBytes < Math.Max(largest, options.MaxMessageBytes))
        {
            wrong.Add($"Realtime:MaxQueuedBytes ({options.MaxQueuedBytes}) must be at least {Math.Max(largest, options.MaxMessageBytes)}, or one event that Messaging:MaxTextLength and Realtime:MaxMessageBytes allow closes every socket that it is for, again and again.");
        }

        if (options.MaxBacklogBytes < options.MaxQueuedBytes)
        {
            wrong.Add($"Realtime:MaxBacklogBytes ({options.MaxBacklogBytes}) must be at least Realtime:MaxQueuedBytes ({options.MaxQueuedBytes}), or what one socket may have waiting is more than all may.");
        }

        var lifetime = tokens.Value.DialogLifetime < tokens.Value.OperatorLifetime ? tokens.Value.DialogLifetime : tokens.Value.OperatorLifetime;
        if (options.TokenExpiryNotice >= lifetime)
        {
            wrong.Add($"Realtime:TokenExpiryNotice ({options.TokenExpiryNotice}) must be shorter than Tokens:DialogLifetime and Tokens:OperatorLifetime ({lifetime}), or every fresh token is announced to run out.");
        }

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
