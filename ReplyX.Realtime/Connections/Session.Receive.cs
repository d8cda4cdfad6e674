using System.Text.Json;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Realtime.Protocol;

namespace ReplyX.Realtime.Connections;

internal sealed partial class Session
{
    /// <summary>Serves one message from the client. Every message that is not served is answered by an <c>error</c>.</summary>
    public async Task ReceiveAsync(Connection socket, ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        if (text.Span.SequenceEqual(Heartbeat.Ping))
        {
            connection.Send(ServerFrames.Pong);
            return;
        }

        if (text.Span.SequenceEqual(Heartbeat.Pong))
        {
            return;
        }

        if (Parse(text.Span) is not { Type: not null } message)
        {
            connection.Send(ServerFrames.Error(ClientError.BadJson));
            return;
        }

        try
        {
            await ServeAsync(message, cancellationToken);
        }
        catch (MessagingUnavailableException)
        {
            connection.Send(ServerFrames.Error(ClientError.BackplaneUnavailable, message.ClientId));
        }
    }

    private Task ServeAsync(ClientMessage message, CancellationToken cancellationToken) => message.Type switch
    {
        "refresh" => RefreshAsync(message.Token),
        "message" or "typing_start" or "typing_stop" or "read" when stream.Key.IsFeed => FailAsync(ClientError.NotHere, message),
        "message" => SendAsync(message, cancellationToken),
        "typing_start" or "typing_stop" => TellTypingAsync(message.Type, cancellationToken),
        "read" => MarkReadAsync(message, cancellationToken),
        _ => FailAsync(ClientError.UnknownType, message),
    };

    private async Task SendAsync(ClientMessage message, CancellationToken cancellationToken)
    {
        var peer = connection.Peer;
        if (!IdempotencyKey.TryCreate(peer.Principal, message.ClientId, out var key))
        {
            await FailAsync(ClientError.BadClientId, message);
            return;
        }

        if (!MessageText.IsAcceptable(message.Text, messaging.MaxTextLength))
        {
            await FailAsync(ClientError.BadText, message);
            return;
        }

        var result = await log.AppendMessageAsync(
            stream.Key, peer.Owner, new NewMessage(key, peer.Sender, message.Text, peer.Name, peer.OperatorId), cancellationToken);
        connection.Send(result.Outcome switch
        {
            AppendOutcome.Appended => ServerFrames.Ack(key.ClientId, result.Entry.Cursor, duplicate: false),
            AppendOutcome.Duplicate => ServerFrames.Ack(key.ClientId, result.Entry.Cursor, duplicate: true),
            AppendOutcome.KeyConflict => ServerFrames.Error(ClientError.IdempotencyConflict, key.ClientId),
            AppendOutcome.HandoffRefused => ServerFrames.Error(ClientError.HandoffActive, key.ClientId),
            _ => ServerFrames.Error(ClientError.DialogGone, key.ClientId),
        });
    }

    private Task TellTypingAsync(string type, CancellationToken cancellationToken) => backplane.PublishAsync(
        stream.Key,
        connection.Id,
        ServerFrames.Ephemeral(type, stream.Key.DialogId, connection.Peer.Sender.ToWire(), connection.Peer.Name),
        time.GetUtcNow(),
        cancellationToken);

    private async Task MarkReadAsync(ClientMessage message, CancellationToken cancellationToken)
    {
        if (message.Seq is not > 0
            || !await log.MarkReadAsync(stream.Key, connection.Peer.Principal, connection.Peer.Sender, message.Seq.Value, cancellationToken))
        {
            await FailAsync(ClientError.BadSeq, message);
        }
    }

    private async Task RefreshAsync(string? token)
    {
        if (await gatekeeper.RefreshAsync(connection.Peer, token) is { } refreshed)
        {
            connection.Peer = refreshed;
            connection.ExpiryAnnounced = false;
            connection.Send(ServerFrames.Refreshed(refreshed.ExpiresAt));
        }
        else
        {
            connection.Send(ServerFrames.Error(ClientError.BadToken));
        }
    }

    private Task FailAsync(ClientError error, ClientMessage message)
    {
        connection.Send(ServerFrames.Error(error, message.ClientId));
        return Task.CompletedTask;
    }

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
}
