namespace ReplyX.Client;

/// <summary>A message that the server has not answered for.</summary>
internal sealed class OutboxEntry(string clientId, string text)
{
    private readonly TaskCompletionSource<SendResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal string ClientId { get; } = clientId;

    internal string Text { get; } = text;

    internal byte[] Frame { get; } = ClientFrames.Message(text, clientId);

    /// <summary>When it went out on the present socket; null while it has not.</summary>
    internal long? SentAt { get; set; }

    /// <summary>When it first went out, from which on its key counts, and the log's last event that was known then; null while it has not.</summary>
    internal FirstSend? First { get; set; }

    /// <summary>When the server wants it again; null when at once.</summary>
    internal long? NotBefore { get; set; }

    /// <summary>Whether it ever went out.</summary>
    internal bool WasSent => First is not null;

    internal Task<SendResult> Result => _result.Task;

    internal void Complete(SendResult result) => _result.TrySetResult(result);

    internal void Fail(string code, string message, bool mayBeStored)
        => Complete(new SendResult { ClientId = ClientId, Error = new SendError(code, message, mayBeStored) });
}
