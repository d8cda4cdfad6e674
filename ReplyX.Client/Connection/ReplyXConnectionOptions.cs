namespace ReplyX.Client;

/// <summary>What a connection needs and how patient it is. The defaults are those of the protocol.</summary>
public sealed class ReplyXConnectionOptions
{
    /// <summary>The socket's address: <c>ws</c>, <c>wss</c>, <c>http</c> or <c>https</c>, without a token. <see cref="RealtimeUrls"/> makes them.</summary>
    public required Uri Url { get; init; }

    /// <summary>Gets the token, at first and whenever it runs out. It travels in the subprotocol header, never in the address.</summary>
    public required TokenProvider TokenProvider { get; init; }

    /// <summary>The last event already seen; null to begin with what happens from now on.</summary>
    public EventCursor? Cursor { get; init; }

    /// <summary>
    /// Where to read what the log no longer replays, and whether a message got through that is older than its key. Null to be told of
    /// a <see cref="GapEvent"/> or <see cref="SendErrorCodes.KeyExpired"/> instead.
    /// </summary>
    public IDialogHistory? History { get; init; }

    /// <summary>The time between heartbeats; the server may ask for a shorter one. 25 seconds.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a socket may be silent before it counts as dead. 40 seconds.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>How long opening a socket may take, greeting included. 15 seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a sent message may stay without an answer before the socket is opened anew and the message repeated. 15 seconds.</summary>
    public TimeSpan AckTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long the server knows a message's key at least (its <c>Messaging:KeyLifetime</c>). A message that is unanswered for longer is
    /// looked for in the history before it is sent again. An hour.
    /// </summary>
    public TimeSpan KeyLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long closing may take before the socket is cut off. 2 seconds.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The shortest wait before a new attempt. 250 milliseconds.</summary>
    public TimeSpan MinReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait before a new attempt, unless the server asks for more. 15 seconds.</summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a socket must hold for the next loss to start again at the shortest wait. 5 seconds.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Events buffered for the reader. When it is full the connection lets events pass by and fetches them again once the reader has
    /// caught up, so that a slow reader holds up neither acknowledgements nor heartbeats. 1,024.
    /// </summary>
    public int EventCapacity { get; init; } = 1024;

    /// <summary>Messages that may wait for their acknowledgement. 256.</summary>
    public int OutboxCapacity { get; init; } = 256;

    /// <summary>
    /// Messages on the wire at a time. With 1 they are stored in the order they were sent in whatever happens; with more, one that the
    /// server asks to repeat may land behind its successors. 1.
    /// </summary>
    public int SendsInFlight { get; init; } = 1;

    /// <summary>The longest frame accepted, in bytes. 1 MiB.</summary>
    public int MaxFrameBytes { get; init; } = 1024 * 1024;

    /// <summary>Events read from the history at a time. 200.</summary>
    public int HistoryPageSize { get; init; } = 200;

    /// <summary>
    /// What opens the connections, where that is not to be left to the platform: another address than the name's, a proxy, certificates
    /// of one's own. It is not disposed of.
    /// </summary>
    public HttpMessageInvoker? Invoker { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The dice for the waits; null for the shared ones. A connection uses it from one thread at a time.</summary>
    public Random? Random { get; init; }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Url);
        ArgumentNullException.ThrowIfNull(TokenProvider);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        if (!Url.IsAbsoluteUri || Url.Scheme is not ("ws" or "wss" or "http" or "https"))
        {
            throw new ArgumentException("The socket's address must be absolute, with ws, wss, http or https.", nameof(Url));
        }

        if (Url.Query.Contains("token=", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException("The token belongs to the token provider, not into the address.", nameof(Url));
        }

        Positive(HeartbeatInterval, nameof(HeartbeatInterval));
        Positive(ConnectTimeout, nameof(ConnectTimeout));
        Positive(AckTimeout, nameof(AckTimeout));
        Positive(KeyLifetime, nameof(KeyLifetime));
        Positive(CloseTimeout, nameof(CloseTimeout));
        Positive(MinReconnectDelay, nameof(MinReconnectDelay));
        ArgumentOutOfRangeException.ThrowIfLessThan(StableAfter, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxReconnectDelay, MinReconnectDelay);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(SilenceLimit, HeartbeatInterval);
        ArgumentOutOfRangeException.ThrowIfLessThan(EventCapacity, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(OutboxCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(SendsInFlight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxFrameBytes, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(HistoryPageSize, 2);
    }

    private static void Positive(TimeSpan value, string name)
        => ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, name);
}
