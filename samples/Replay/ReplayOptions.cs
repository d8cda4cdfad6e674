namespace ReplyX.Samples.Replay;

/// <summary>What is played, against what, and how fast.</summary>
public sealed record ReplayOptions
{
    /// <summary>The Api's root.</summary>
    public Uri Api { get; init; } = new("http://localhost:5080");

    /// <summary>The folder of the conversations.</summary>
    public string Conversations { get; init; } = Path.Combine(AppContext.BaseDirectory, "conversations");

    /// <summary>What the pauses are divided by; infinity for none.</summary>
    public double Speed { get; init; } = double.PositiveInfinity;

    /// <summary>How often each conversation is played.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>Dialogs at a time.</summary>
    public int Parallel { get; init; } = 8;

    /// <summary>Sockets of each side in each dialog, and list sockets of each operator.</summary>
    public int SocketsPerSide { get; init; } = 2;

    /// <summary>Decides who sends over HTTP and who over the socket.</summary>
    public int Seed { get; init; } = Environment.TickCount;

    /// <summary>The operators' logins; dialogs are dealt out among them.</summary>
    public IReadOnlyList<string> Operators { get; init; } = ["anna@demo.replyx.dev", "boris@demo.replyx.dev"];

    /// <summary>The operators' password.</summary>
    public required string Password { get; init; }

    /// <summary>The assistant behind the widget.</summary>
    public string AssistantId { get; init; } = "demo";

    /// <summary>The site of the chat page.</summary>
    public string SiteId { get; init; } = "demo";

    /// <summary>How long after its acknowledgement an event may still arrive.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long sockets stay open after everything has arrived, for what should not come.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Leaves the password out, so that an accidental log line does no harm.</summary>
    /// <returns>Where it is played and the seed.</returns>
    public override string ToString() => $"replay against {Api.GetLeftPart(UriPartial.Authority)}, seed {Seed}";

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Api);
        ArgumentException.ThrowIfNullOrEmpty(Password);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Speed);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Repeat);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Parallel);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SocketsPerSide);
        ArgumentOutOfRangeException.ThrowIfZero(Operators.Count);
    }
}
