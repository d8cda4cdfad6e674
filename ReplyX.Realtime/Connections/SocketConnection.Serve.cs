using System.Text.Json;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Realtime.Protocol;
using ReplyX.Realtime.Telemetry;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Connections;

internal sealed partial class SocketConnection
{
    private bool _expiryAnnounced;

    // One message of a socket at a time: the next one is read when this one was answered. Every message that is not served is answered
    // by an error.
    private void Serve(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual(Heartbeat.Ping))
        {
            Send(ServerFrames.Pong);
            return;
        }

        if (text.SequenceEqual(Heartbeat.Pong))
        {
            return;
        }

        if (Parse(text) is not { Type: not null } message)
        {
            Send(ServerFrames.Error(ClientError.BadJson));
            return;
        }

        _isServing = true;
        _ = Task.Run(() => ServeAsync(message));
    }

    private async Task ServeAsync(ClientMessage message)
    {
        OutboundFrame? answer = null;
        Exception? failure = null;
        try
        {
            answer = await AnswerAsync(message);
        }
        catch (MessagingUnavailableException)
        {
            answer = ServerFrames.Error(ClientError.BackplaneUnavailable, message.ClientId);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        _loop.Post(() => OnServed(answer, failure));
    }

    private void OnServed(OutboundFrame? answer, Exception? failure)
    {
        if (failure is not null)
        {
            Services.Metrics.Refused(ConnectionError.Internal);
            Log.Failed(Services.Logger, failure, IdText, Peer.Stream.ToString());
            Cut();
            return;
        }

        if (answer is not null)
        {
            Send(answer);
        }

        if (_isServing)
        {
            _isServing = false;
            ResumeReading();
        }
    }

    private Task<OutboundFrame?> AnswerAsync(ClientMessage message) => message.Type switch
    {
        "refresh" => RefreshAsync(message.Token),
        "message" or "typing_start" or "typing_stop" or "read" when Peer.Stream.IsFeed => Error(ClientError.NotHere, message),
        "message" => AppendAsync(message),
        "typing_start" or "typing_stop" => PublishTypingAsync(message.Type),
        "read" => MarkReadAsync(message),
        _ => Error(ClientError.UnknownType, message),
    };

    private async Task<OutboundFrame?> AppendAsync(ClientMessage message)
    {
        var peer = Peer;
        if (!IdempotencyKey.TryCreate(peer.Principal, message.ClientId, out var key))
        {
            return ServerFrames.Error(ClientError.BadClientId, message.ClientId);
        }

        if (!MessageText.IsAcceptable(message.Text, Services.Messaging.MaxTextLength))
        {
            return ServerFrames.Error(ClientError.BadText, message.ClientId);
        }

        var result = await Services.Log.AppendMessageAsync(
            peer.Stream, peer.Owner, new NewMessage(key, peer.Sender, message.Text, peer.Name, peer.OperatorId), CancellationToken.None);
        return result.Outcome switch
        {
            AppendOutcome.Appended => ServerFrames.Ack(key.ClientId, result.Entry.Cursor, duplicate: false),
            AppendOutcome.Duplicate => ServerFrames.Ack(key.ClientId, result.Entry.Cursor, duplicate: true),
            AppendOutcome.KeyConflict => ServerFrames.Error(ClientError.IdempotencyConflict, key.ClientId),
            AppendOutcome.HandoffRefused => ServerFrames.Error(ClientError.HandoffActive, key.ClientId),
            _ => ServerFrames.Error(ClientError.DialogGone, key.ClientId),
        };
    }

    private async Task<OutboundFrame?> PublishTypingAsync(string type)
    {
        var peer = Peer;
        await Services.Backplane.PublishAsync(
            peer.Stream,
            Id,
            ServerFrames.Ephemeral(type, peer.Stream.DialogId, peer.Sender.ToWire(), peer.Name),
            Services.Time.GetUtcNow(),
            CancellationToken.None);
        return null;
    }

    private async Task<OutboundFrame?> MarkReadAsync(ClientMessage message) =>
        message.Seq is > 0
        && await Services.Log.MarkReadAsync(Peer.Stream, Peer.Principal, Peer.Sender, message.Seq.Value, CancellationToken.None)
            ? null
            : ServerFrames.Error(ClientError.BadSeq, message.ClientId);

    private async Task<OutboundFrame?> RefreshAsync(string? token)
    {
        if (await Services.Gatekeeper.RefreshAsync(Peer, token) is not { } refreshed)
        {
            return ServerFrames.Error(ClientError.BadToken);
        }

        _loop.Post(() =>
        {
            Peer = refreshed;
            _expiryAnnounced = false;
        });
        return ServerFrames.Refreshed(refreshed.ExpiresAt);
    }

    private static Task<OutboundFrame?> Error(ClientError error, ClientMessage message) =>
        Task.FromResult<OutboundFrame?>(ServerFrames.Error(error, message.ClientId));

    private static ClientMessage? Parse(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ProtocolJson.Default.ClientMessage);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Socket {Connection} on {Stream} failed")]
        public static partial void Failed(ILogger logger, Exception exception, string connection, string stream);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The archive of {Stream} is damaged; a socket could not resume")]
        public static partial void ArchiveDamaged(ILogger logger, Exception exception, string stream);
    }
}
