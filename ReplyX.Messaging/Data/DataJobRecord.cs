using ReplyX.Messaging.Telemetry;
using StackExchange.Redis;

namespace ReplyX.Messaging.Data;

/// <summary>A job as Redis has it: the fields of a hash.</summary>
internal static class DataJobRecord
{
    public const string Visitor = "visitor";
    public const string State = "state";
    public const string Done = "done";
    public const string Total = "total";
    public const string Ended = "ended";
    public const string Reason = "reason";
    public const string Expires = "expires";
    public const string Bytes = "bytes";
    public const string Parts = "parts";
    public const string Phase = "phase";
    public const string Round = "round";
    public const string Cursor = "cursor";
    public const string Left = "left";
    public const string Section = "section";
    public const string After = "after";
    public const string Seq = "seq";
    public const string Count = "count";
    public const string Stored = "stored";
    public const string Due = "due";
    public const string Attempts = "attempts";

    /// <summary>What nobody needs when the job has ended.</summary>
    public static readonly IReadOnlyList<string> OfTheWorker =
        ["lease", "lease_until", Due, Phase, Round, Cursor, Left, Section, After, Seq, Count, Stored, Attempts];

    /// <summary>Overwrites what tells of whom it was, as fields and values by turns.</summary>
    public static readonly IReadOnlyList<RedisValue> NoVisitor = [Visitor, RedisValue.EmptyString, "open", RedisValue.EmptyString];

    private static readonly IReadOnlyList<string> _kinds = EnumLabels.Of<DataJobKind>();
    private static readonly IReadOnlyList<string> _subjects = EnumLabels.Of<DataJobSubject>();
    private static readonly IReadOnlyList<string> _states = EnumLabels.Of<DataJobState>();
    private static readonly IReadOnlyList<string> _failures = EnumLabels.Of<DataJobFailure>();

    public static string Word(DataJobKind kind) => _kinds[(int)kind];

    public static string Word(DataJobSubject subject) => _subjects[(int)subject];

    public static string Word(DataJobState state) => _states[(int)state];

    public static string Word(DataJobFailure failure) => _failures[(int)failure];

    /// <summary>A job as it is before anybody takes it.</summary>
    public static HashEntry[] Write(DataJob job) =>
    [
        new("kind", Word(job.Kind)),
        new("subject", Word(job.Subject)),
        new(State, Word(job.State)),
        new("created", job.CreatedAt.ToUnixTimeMilliseconds()),
        new("open", job.OpenField),
        .. job.VisitorId is { } visitor ? (HashEntry[])[new(Visitor, visitor)] : [],
        .. job.By is { } by ? (HashEntry[])[new("by", by)] : [],
        .. job.SecretHash is { } secret ? (HashEntry[])[new("secret", secret)] : [],
    ];

    /// <returns>The job; null if there is none.</returns>
    public static DataJob? Read(string account, string id, IReadOnlyDictionary<string, RedisValue> fields)
    {
        string? Text(string name) => fields.TryGetValue(name, out var value) && !value.IsNullOrEmpty ? (string?)value : null;
        long Number(string name) => fields.TryGetValue(name, out var value) && value.TryParse(out long number) ? number : 0;
        DateTimeOffset? Time(string name) => Number(name) is > 0 and var at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

        return Find(_kinds, Text("kind")) is { } kind && Find(_subjects, Text("subject")) is { } subject && Find(_states, Text(State)) is { } state
            ? new DataJob(
                account,
                id,
                (DataJobKind)kind,
                (DataJobSubject)subject,
                Text(Visitor),
                (DataJobState)state,
                Number(Done),
                Number(Total),
                DateTimeOffset.FromUnixTimeMilliseconds(Number("created")))
            {
                By = Text("by"),
                StartedAt = Time("started"),
                EndedAt = Time(Ended),
                Failure = Find(_failures, Text(Reason)) is { } failure ? (DataJobFailure)failure : null,
                ExpiresAt = Time(Expires),
                Bytes = Number(Bytes),
                Parts = Number(Parts),
                SecretHash = Text("secret"),
                OpenField = Text("open") ?? "",
            }
            : null;
    }

    public static Dictionary<string, RedisValue> ToFields(HashEntry[] hash) =>
        hash.ToDictionary(field => (string)field.Name!, field => field.Value, StringComparer.Ordinal);

    private static int? Find(IReadOnlyList<string> words, string? word)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == word)
            {
                return i;
            }
        }

        return null;
    }
}
