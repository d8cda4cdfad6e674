using System.Globalization;
using ReplyX.Panels.Dashboards;

namespace ReplyX.Panels;

/// <summary>What to draw, from where, and where to.</summary>
internal sealed record PanelsOptions
{
    public const string Usage =
        """
        usage: ReplyX.Panels [--prometheus URL] [--dashboard NAME]… [--last 15m | --from TIME] [--to TIME] [--step 5s] [--var NAME=VALUE]…
                             [--format html|svg|svg-dashboard] [--out PATH] [--dashboards FOLDER]

          --prometheus   where Prometheus is; http://localhost:9090 if not given
          --dashboard    a file of the folder without .json; may be repeated; all if not given
          --last         how far back from --to: 30s, 15m, 2h, 7d; what each dashboard says if not given
          --from, --to   ISO 8601, UTC unless it says otherwise; --to is now if not given
          --step         between two points; about 200 points if not given
          --var          a template variable's value; repeated, any of them; all values if not given
          --format       html: one page; svg: a file for each panel; svg-dashboard: a file for each dashboard
          --out          the page (panels.html), or the folder of the SVGs (panels)
          --dashboards   where the dashboards are; observability/grafana/dashboards of the repository if not given

        exit codes: 0 all drawn, 1 Prometheus did not answer or refused a query, 64 the command line is wrong
        """;

    public bool IsHelp { get; init; }

    public Uri Prometheus { get; init; } = new("http://localhost:9090/");

    /// <summary>Names of dashboards, or none for all.</summary>
    public IReadOnlyList<string> Dashboards { get; init; } = [];

    public TimeSpan? Last { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public TimeSpan? Step { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Variables { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    public OutputFormat Format { get; init; }

    /// <summary>A file or a folder, as the format says.</summary>
    public string? Out { get; init; }

    /// <summary>Where the dashboards are, or null for the repository's.</summary>
    public string? Folder { get; init; }

    /// <summary>Reads a command line.</summary>
    /// <returns>The options, or what is wrong.</returns>
    public static (PanelsOptions? Options, string? Error) Parse(ReadOnlySpan<string> arguments)
    {
        var options = new PanelsOptions();
        if (arguments is ["--help"] or ["-h"])
        {
            return (options with { IsHelp = true }, null);
        }

        var seen = new HashSet<string>();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var name = arguments[i];
            if (i + 1 == arguments.Length)
            {
                return (null, $"{name}: a value is missing, or there is no such option");
            }

            if (options.With(name, arguments[i + 1]) is not { } changed)
            {
                return (null, $"{name} {arguments[i + 1]}: no such option, or not a valid value");
            }

            if (!seen.Add(name) && name is not ("--dashboard" or "--var"))
            {
                return (null, $"{name}: given twice");
            }

            options = changed;
        }

        return options switch
        {
            { Last: not null, From: not null } => (null, "--last and --from: only one of them"),
            { From: { } from, To: { } to } when from >= to => (null, "--from is not before --to"),
            _ => (options, null),
        };
    }

    private PanelsOptions? With(string name, string value) => name switch
    {
        "--prometheus" when Uri.TryCreate(value.TrimEnd('/') + "/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https" => this with { Prometheus = url },
        "--dashboard" when value.Length > 0 => this with { Dashboards = [.. Dashboards, value] },
        "--last" when Duration.TryParse(value, out var last) => this with { Last = last },
        "--from" when TryTime(value, out var from) => this with { From = from },
        "--to" when TryTime(value, out var to) => this with { To = to },
        "--step" when Duration.TryParse(value, out var step) => this with { Step = step },
        "--var" when value.IndexOf('=', StringComparison.Ordinal) is > 0 and var at => WithVariable(value[..at], value[(at + 1)..]),
        "--format" when value is "html" => this with { Format = OutputFormat.Html },
        "--format" when value is "svg" => this with { Format = OutputFormat.Svg },
        "--format" when value is "svg-dashboard" => this with { Format = OutputFormat.SvgDashboard },
        "--out" when value.Length > 0 => this with { Out = value },
        "--dashboards" when value.Length > 0 => this with { Folder = value },
        _ => null,
    };

    private PanelsOptions WithVariable(string name, string value) => this with
    {
        Variables = new Dictionary<string, IReadOnlyList<string>>(Variables)
        {
            [name] = [.. Variables.GetValueOrDefault(name, []), value],
        },
    };

    private static bool TryTime(string value, out DateTimeOffset time)
        => DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
