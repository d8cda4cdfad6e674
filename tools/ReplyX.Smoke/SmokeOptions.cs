using System.Globalization;
using System.Net;

namespace ReplyX.Smoke;

/// <summary>What to check.</summary>
internal sealed record SmokeOptions
{
    public const string Usage =
        """
        usage: ReplyX.Smoke --api URL --realtime URL… [--other-api URL --other-realtime URL…] [options]
               ReplyX.Smoke --front URL [--connect-to HOST:PORT] [--expect-node ID]… [options]

        Sends real messages through a deployment, and checks that every socket hears each of them once and in order.

          --api, --realtime   an Api, and its nodes themselves; --realtime may be repeated
          --other-api, --other-realtime
                              those of another version on the same Redis: what one writes the other one must hear
          --front             what visitors get: both services behind one address
          --connect-to        connects there instead of to the host of --front; the name in the certificate stays that host
          --expect-node       a node's id; may be repeated: sockets through --front must come to one of these
          --expect-version    what --api, --realtime or --front must run; asks with SMOKE_PLATFORM_TOKEN
          --timeout           seconds for all of it; 30 if not given
          --json              one JSON object instead of lines

        environment:
          SMOKE_SITE_TOKEN or SMOKE_ASSISTANT_ID   the site that a dialog is started on; without either no message is sent
          SMOKE_GUEST_TOKEN                        a visitor's secret: every check then writes in the same dialog
          SMOKE_PLATFORM_TOKEN                     the operations token, for versions
          SSL_CERT_FILE                            certificates to trust, as PEM

        exit codes: 0 all is well, 1 a check failed, 2 something does not answer, 64 the command line is wrong
        """;

    /// <summary>As long as a deploy waits for it.</summary>
    private static readonly TimeSpan _mostPatience = TimeSpan.FromMinutes(10);

    public bool IsHelp { get; init; }

    public Uri? Api { get; init; }

    public IReadOnlyList<Uri> Realtime { get; init; } = [];

    public Uri? OtherApi { get; init; }

    public IReadOnlyList<Uri> OtherRealtime { get; init; } = [];

    public Uri? Front { get; init; }

    public DnsEndPoint? ConnectTo { get; init; }

    public IReadOnlyList<string> ExpectedNodes { get; init; } = [];

    public string? ExpectedVersion { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    public bool IsJson { get; init; }

    /// <summary>Reads a command line.</summary>
    /// <returns>The options, or what is wrong.</returns>
    public static (SmokeOptions? Options, string? Error) Parse(ReadOnlySpan<string> arguments)
    {
        var options = new SmokeOptions();
        if (arguments is ["--help"] or ["-h"])
        {
            return (options with { IsHelp = true }, null);
        }

        var seen = new HashSet<string>();
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = arguments[i];
            if (!seen.Add(name) && name is not ("--realtime" or "--other-realtime" or "--expect-node"))
            {
                return (null, $"{name}: given twice");
            }

            if (name == "--json")
            {
                options = options with { IsJson = true };
                continue;
            }

            if (++i == arguments.Length)
            {
                return (null, $"{name}: a value is missing, or there is no such option");
            }

            // Not shown: a URL may have a password in it by mistake.
            if (options.With(name, arguments[i]) is not { } changed)
            {
                return (null, $"{name}: no such option, or not a valid value");
            }

            options = changed;
        }

        return options.FindContradiction() is { } wrong ? (null, wrong) : (options, null);
    }

    private string? FindContradiction() => this switch
    {
        { Front: null, Api: null } => "--api with --realtime, or --front, is missing",
        { Front: not null, Api: not null } or { Front: not null, Realtime.Count: > 0 } => "--front and --api with --realtime: only one of them",
        { Front: not null, OtherApi: not null } or { Front: not null, OtherRealtime.Count: > 0 } => "--front goes with no other version",
        { Front: null, Realtime.Count: 0 } => "--realtime is missing",
        { Front: null, ConnectTo: not null } => "--connect-to goes with --front",
        { Front: null, ExpectedNodes.Count: > 0 } => "--expect-node goes with --front",
        { OtherApi: null, OtherRealtime.Count: > 0 } or { OtherApi: not null, OtherRealtime.Count: 0 } => "--other-api and --other-realtime go together",
        _ => null,
    };

    private SmokeOptions? With(string name, string value) => name switch
    {
        "--api" when ReadUrl(value) is { } url => this with { Api = url },
        "--realtime" when ReadUrl(value) is { } url => this with { Realtime = [.. Realtime, url] },
        "--other-api" when ReadUrl(value) is { } url => this with { OtherApi = url },
        "--other-realtime" when ReadUrl(value) is { } url => this with { OtherRealtime = [.. OtherRealtime, url] },
        "--front" when ReadUrl(value) is { } url => this with { Front = url },
        "--connect-to" when ReadEndPoint(value) is { } place => this with { ConnectTo = place },
        "--expect-node" when value.Length > 0 => this with { ExpectedNodes = [.. ExpectedNodes, value] },
        "--expect-version" when value.Length > 0 => this with { ExpectedVersion = value },
        "--timeout" when ReadSeconds(value) is { } limit => this with { Timeout = limit },
        _ => null,
    };

    private static Uri? ReadUrl(string value)
        => Uri.TryCreate(value.TrimEnd('/') + "/", UriKind.Absolute, out var url)
            && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0 ? url : null;

    private static DnsEndPoint? ReadEndPoint(string value)
    {
        var colon = value.LastIndexOf(':');
        var host = colon > 0 ? value[..colon].Trim('[', ']') : "";
        return Uri.CheckHostName(host) != UriHostNameType.Unknown
            && ushort.TryParse(value.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? new DnsEndPoint(host, port)
            : null;
    }

    private static TimeSpan? ReadSeconds(string value)
        => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 && seconds <= _mostPatience.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
