namespace ReplyX.Client;

/// <summary>A message that the server has not answered for.</summary>
internal sealed class OutboxEntry(string clientId, string text)
{
    private readonly TaskCompletionSource<SendResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal string ClientId { get; } = clientId;

    internal string Text { get; } = text;

    internal byte[] Frame { get; } = ClientFrames.Message(text, clientId);

    /// <summary>When it was sent on the present socket; null before.</summary>
    internal long? SentAt { get; set; }

    /// <summary>When it was first sent, which is when the life of its key began, and the last event known then; null before.</summary>
    internal FirstSend? First { get; set; }

    /// <summary>The earliest time to send it again, as the server asked; null for at once.</summary>
    internal long? NotBefore { get; set; }

    /// <summary>Whether it was ever sent.</summary>
    internal bool WasSent => First is not null;

    internal Task<SendResult> Result => _result.Task;

    internal void Complete(SendResult result) => _result.TrySetResult(result);

    internal void Fail(string code, string message, bool mayBeStored)
        => Complete(new SendResult { ClientId = ClientId, Error = new SendError(code, message, mayBeStored) });
}
